package dev.berth.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Durations of one thing done several times. */
final class Samples {
    private final double[] sorted;

    private Samples(double[] millis) {
        sorted = millis.clone();
        Arrays.sort(sorted);
    }

    static Samples of(double[] millis) {
        return new Samples(millis);
    }

    /** Does it so many times and keeps how long each took, in milliseconds. */
    static Samples measure(int times, Callable<?> work) throws Exception {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            millis[i] = time(work);
        }
        return of(millis);
    }

    static double time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return (System.nanoTime() - start) / 1e6;
    }

    double percentile(int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    double median() {
        return percentile(50);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %7.1f ms   p99 %7.1f ms", median(), percentile(99));
    }
}

package dev.berth.instance;

import dev.berth.driver.Sample;
import dev.berth.node.NodeListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Live rates of running instances, kept in memory: the newest, and a quarter of an hour for charts. */
@ApplicationScoped
public class Rates implements NodeListener {
    private static final int KEPT = 180;
    private final Map<UUID, History> histories = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> cpus = new ConcurrentHashMap<>();
    private final List<Consumer<UUID>> followers = new CopyOnWriteArrayList<>();

    private static final class History {
        private final UUID node;
        private final Deque<InstanceView.Usage> points = new ArrayDeque<>();
        private Sample last;

        History(UUID node, Sample first) {
            this.node = node;
            this.last = first;
        }
    }

    @Override
    public void sampled(UUID node, List<Sample> samples) {
        samples.forEach(sample -> histories.compute(sample.id(), (id, known) -> next(node, sample, known)));
        Set<UUID> present = samples.stream().map(Sample::id).collect(Collectors.toSet());
        histories.entrySet().removeIf(e -> e.getValue().node.equals(node) && !present.contains(e.getKey()));
        followers.forEach(follower -> follower.accept(node));
    }

    private History next(UUID node, Sample sample, @org.jspecify.annotations.Nullable History known) {
        if (known == null || sample.cpuNanos() < known.last.cpuNanos()) {
            return new History(node, sample);
        }
        double seconds = Duration.between(known.last.at(), sample.at()).toNanos() / 1e9;
        if (seconds < 0.5) {
            return known;
        }
        synchronized (known) {
            known.points.addLast(usage(known.last, sample, seconds));
            if (known.points.size() > KEPT) {
                known.points.removeFirst();
            }
            known.last = sample;
        }
        return known;
    }

    private InstanceView.Usage usage(Sample before, Sample now, double seconds) {
        double cpu = (now.cpuNanos() - before.cpuNanos()) / 1e9 / seconds / cpus.getOrDefault(now.id(), 1);
        return new InstanceView.Usage(
                Math.clamp(cpu, 0, 1),
                now.memoryBytes(),
                now.swapBytes(),
                now.layer(),
                perSecond(before.diskReadBytes(), now.diskReadBytes(), seconds),
                perSecond(before.diskWriteBytes(), now.diskWriteBytes(), seconds),
                perSecond(before.networkReceiveBytes(), now.networkReceiveBytes(), seconds),
                perSecond(before.networkTransmitBytes(), now.networkTransmitBytes(), seconds),
                now.at());
    }

    private static long perSecond(long before, long now, double seconds) {
        return Math.max(0, Math.round((now - before) / seconds));
    }

    /** Tells how many CPUs an instance has, so that a rate is a share of them. */
    void size(UUID instance, int count) {
        cpus.put(instance, count);
    }

    void forget(UUID instance) {
        cpus.remove(instance);
        histories.remove(instance);
    }

    /** The newest rates; empty unless it runs and was sampled twice. */
    public Optional<InstanceView.Usage> latest(UUID instance) {
        History history = histories.get(instance);
        if (history == null) {
            return Optional.empty();
        }
        synchronized (history) {
            return Optional.ofNullable(history.points.peekLast());
        }
    }

    /** Rates of the last quarter of an hour, oldest first. */
    public List<InstanceView.Usage> history(UUID instance) {
        History history = histories.get(instance);
        if (history == null) {
            return List.of();
        }
        synchronized (history) {
            return List.copyOf(history.points);
        }
    }

    /** Calls back after every round of samples of a node. */
    public dev.berth.driver.Subscription follow(Consumer<UUID> follower) {
        followers.add(follower);
        return () -> followers.remove(follower);
    }
}

package dev.berth.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import dev.berth.event.Event;
import dev.berth.event.EventFeed;
import dev.berth.instance.Rates;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Refreshes attached components when events concern them: at once, but at most every 300 milliseconds each. */
@ApplicationScoped
public class LiveUpdates {
    private static final long PERIOD_MILLIS = 300;
    private final EventFeed feed;
    private final Rates rates;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-updates").factory());

    LiveUpdates(EventFeed feed, Rates rates) {
        this.feed = feed;
        this.rates = rates;
    }

    private final class Listener {
        private final UI ui;
        private final Predicate<Event> concerns;
        private final boolean wantsRates;
        private final Runnable refresh;
        private final AtomicBoolean due = new AtomicBoolean();
        private volatile long last;

        Listener(UI ui, Predicate<Event> concerns, boolean wantsRates, Runnable refresh) {
            this.ui = ui;
            this.concerns = concerns;
            this.wantsRates = wantsRates;
            this.refresh = refresh;
        }

        void ring() {
            if (due.compareAndSet(false, true)) {
                long wait = Math.max(0, last + PERIOD_MILLIS - System.currentTimeMillis());
                timer.schedule(this::fire, wait, TimeUnit.MILLISECONDS);
            }
        }

        private void fire() {
            try {
                ui.access(() -> {
                    due.set(false);
                    last = System.currentTimeMillis();
                    refresh.run();
                });
            } catch (UIDetachedException e) {
                listeners.remove(this);
            }
        }
    }

    void start(@Observes @Priority(2900) Startup event) {
        feed.follow(events -> listeners.forEach(listener -> {
            if (events.stream().anyMatch(listener.concerns)) {
                listener.ring();
            }
        }));
        rates.follow(node -> listeners.stream().filter(l -> l.wantsRates).forEach(Listener::ring));
    }

    /**
     * Refreshes a component while it is attached.
     *
     * @param concerns which events make it stale
     * @param wantsRates whether new live rates do so too
     */
    public void follow(Component component, Predicate<Event> concerns, boolean wantsRates, Runnable refresh) {
        component.addAttachListener(attached -> {
            Listener listener = new Listener(attached.getUI(), concerns, wantsRates, refresh);
            listeners.add(listener);
            attached.getSource().addDetachListener(detached -> {
                detached.unregisterListener();
                listeners.remove(listener);
            });
        });
    }
}

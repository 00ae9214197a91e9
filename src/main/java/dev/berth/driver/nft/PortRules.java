package dev.berth.driver.nft;

import dev.berth.driver.InstanceKind;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The rules of all instances of one kind: guards of their ports, and published ports. */
public final class PortRules {
    private final NodeRules rules;
    private final InstanceKind kind;
    private final Map<UUID, Set<Element>> elements = new HashMap<>();
    /** Of which instances the kernel has none of the elements yet. */
    private final Set<UUID> claimed = new HashSet<>();

    PortRules(NodeRules rules, InstanceKind kind) {
        this.rules = rules;
        this.kind = kind;
    }

    /**
     * Reserves what the rules of an instance will need; the kernel gets them when the instance is guarded. One that is guarded
     * already stays so.
     *
     * @throws BerthException IN_USE when another instance has one of its published ports
     */
    public void claim(UUID instance, Guard guard) {
        Set<Element> wanted = Element.of(kind, guard, rules.number(guard.project()));
        synchronized (rules) {
            if (elements.containsKey(instance) && !claimed.contains(instance)) {
                return;
            }
            refuseTaken(instance, wanted);
            keep(instance, wanted);
            claimed.add(instance);
        }
    }

    /**
     * Makes the rules of an instance be these; returns when the kernel has them. To be called before its interfaces come up, and
     * whenever its publications change.
     */
    public void guard(UUID instance, Guard guard) {
        replace(instance, Element.of(kind, guard, rules.number(guard.project())));
        guard.ports().stream().map(GuardedPort::bridge).distinct().forEach(Loopback::allow);
        linked(guard);
    }

    /** What can be set only when the interfaces are there; to be called when they have come up. */
    public void linked(Guard guard) {
        if (!guard.publications().isEmpty()) {
            guard.ports().forEach(Hairpin::allow);
        }
    }

    /** Removes the rules of an instance, whose interfaces are gone; success if there are none. */
    public void forget(UUID instance) {
        replace(instance, Set.of());
    }

    /**
     * Makes the rules of all instances of this kind be these; rules of others of this kind are removed. A port that two of them
     * publish leads to one of them.
     */
    public void recover(Map<UUID, Guard> guards) {
        synchronized (rules) {
            elements.clear();
            claimed.clear();
            guards.forEach((instance, guard) -> {
                Set<Element> wanted = Element.of(kind, guard, rules.number(guard.project()));
                wanted.removeIf(element -> rules.taken(instance, element));
                elements.put(instance, wanted);
            });
            StringBuilder text = new StringBuilder();
            RuleText.places(kind).forEach(place -> text.append(place.isMap() ? "flush map " : "flush set ")
                    .append(place.in(rules.name()))
                    .append('\n'));
            rules.apply(text + known());
        }
    }

    private void replace(UUID instance, Set<Element> wanted) {
        synchronized (rules) {
            Set<Element> before = elements.getOrDefault(instance, Set.of());
            Set<Element> inKernel = claimed.contains(instance) ? Set.of() : before;
            if (inKernel.isEmpty() && wanted.isEmpty()) {
                keep(instance, wanted);
                return;
            }
            refuseTaken(instance, wanted);
            keep(instance, wanted);
            boolean wasClaimed = claimed.remove(instance);
            try {
                rules.apply(change(inKernel, wanted));
            } catch (BerthException e) {
                keep(instance, before);
                if (wasClaimed) {
                    claimed.add(instance);
                }
                throw e;
            }
        }
    }

    private void refuseTaken(UUID instance, Set<Element> wanted) {
        for (Element element : wanted) {
            if (rules.taken(instance, element)) {
                throw BerthException.of(
                        ErrorCode.IN_USE,
                        "Another instance of this node publishes port " + element.key()
                                + " already; choose another one.");
            }
        }
    }

    private void keep(UUID instance, Set<Element> now) {
        if (now.isEmpty()) {
            elements.remove(instance);
            claimed.remove(instance);
        } else {
            elements.put(instance, now);
        }
    }

    /** Everything that is wanted is added again, which costs nothing and shows when the kernel has lost the tables. */
    private String change(Set<Element> before, Set<Element> wanted) {
        StringBuilder text = new StringBuilder();
        before.stream()
                .filter(element -> !wanted.contains(element))
                .forEach(e -> text.append(e.deleting(rules.name())));
        return text + Element.adding(rules.name(), wanted);
    }

    /** Whether an instance other than this one has the published port. */
    boolean has(UUID other, Element element) {
        return elements.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(other)
                        && entry.getValue().stream().anyMatch(e -> e.claim().equals(element.claim())));
    }

    /** Commands that add everything that the kernel is to have, for tables that are empty. */
    String known() {
        return Element.adding(
                rules.name(),
                elements.entrySet().stream()
                        .filter(entry -> !claimed.contains(entry.getKey()))
                        .flatMap(entry -> entry.getValue().stream())
                        .toList());
    }
}

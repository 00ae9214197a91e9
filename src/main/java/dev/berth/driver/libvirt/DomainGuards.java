package dev.berth.driver.libvirt;

import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.nft.Guard;
import dev.berth.driver.nft.PortRules;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps the packet filter in step with domains: their rules are there before they start, and go when they are removed. */
final class DomainGuards {
    private final Domains domains;
    private final @Nullable PortRules rules;

    /**
     * Guards of domains.
     *
     * @param rules null where domains have no interfaces on this node
     */
    DomainGuards(Domains domains, @Nullable PortRules rules) {
        this.domains = domains;
        this.rules = rules;
    }

    /** Before a start, and when a definition has changed: publications of a running domain change at once. */
    void guard(InstanceDefinition definition) {
        if (rules != null) {
            rules.guard(definition.id(), Guard.of(definition));
        }
    }

    void guard(UUID id) {
        if (rules != null) {
            guard(domains.definition(id));
        }
    }

    void started(UUID id) {
        if (rules != null) {
            rules.linked(Guard.of(domains.definition(id)));
        }
    }

    void forget(UUID id) {
        if (rules != null) {
            rules.forget(id);
        }
    }

    void recover(Collection<UUID> ids) {
        if (rules == null) {
            return;
        }
        Map<UUID, Guard> guards = new HashMap<>();
        for (UUID id : ids) {
            guards.put(id, Guard.of(domains.definition(id)));
        }
        rules.recover(guards);
        guards.values().forEach(rules::linked);
    }
}

package dev.berth.instance.ui;

import dev.berth.driver.InstanceKind;
import dev.berth.ui.Formats;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A tab of an instance's page, in the order in which they stand there. */
enum InstanceTab {
    SUMMARY,
    CONSOLE,
    DISPLAY(InstanceKind.VM),
    ATTACH(InstanceKind.CONTAINER),
    FILES(InstanceKind.CONTAINER),
    PROCESSES(InstanceKind.CONTAINER),
    VOLUMES(InstanceKind.CONTAINER),
    PORTS,
    LIMITS(InstanceKind.CONTAINER),
    HARDWARE(InstanceKind.VM),
    SNAPSHOTS,
    OPERATIONS,
    LOG;

    private final Set<InstanceKind> kinds;

    InstanceTab() {
        this.kinds = EnumSet.allOf(InstanceKind.class);
    }

    InstanceTab(InstanceKind only) {
        this.kinds = EnumSet.of(only);
    }

    boolean isOf(InstanceKind kind) {
        return kinds.contains(kind);
    }

    /** As the page's address has it. */
    String slug() {
        return Formats.word(this);
    }

    String label() {
        return name().charAt(0) + slug().substring(1);
    }

    /** The tab of an address, if a kind has it. */
    static Optional<InstanceTab> find(String slug, InstanceKind kind) {
        return Stream.of(values())
                .filter(tab -> tab.isOf(kind) && tab.slug().equals(slug))
                .findFirst();
    }
}

package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.Sample;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceChanges;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Card;
import dev.berth.ui.Formats;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.SavedFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a container may use, what it uses, and what happens when it ends or fails; limits hold at once. */
class LimitsTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final ContainerSpec.Limits USUAL = ContainerSpec.Limits.USUAL;
    private final transient Instances instances;
    private final transient InstanceAccess access;
    private final transient Changing changing;
    private final transient SavedFields saved = new SavedFields();
    private final UUID id;
    private final LimitField cpus = new LimitField("vCPUs", 1, "what it sees as its CPUs");
    private final LimitField millis = new LimitField("CPU quota", 10, "thousandths of a CPU: 500 is half of one");
    private final LimitField weight = new LimitField("CPU weight", 1, "1 to 10000, when others want it too");
    private final LimitField memory = new LimitField("Memory in MiB", 4, "");
    private final LimitField swap = new LimitField("Swap in MiB", 0, "beyond its memory; 0 for none");
    private final LimitField pids = new LimitField("Most processes", 1, "threads count, too");
    private final LimitField io = new LimitField("Disk weight", 1, "1 to 10000, when others want it too");
    private final LimitField layer =
            new LimitField("Limit in MiB", 1, "of what it writes over its image; it can only grow");
    private final RestartCard restart;
    private final HealthCard health = new HealthCard();
    private final IdentityCard identity;

    LimitsTab(Instances instances, InstanceChanges changes, InstanceAccess access, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.access = access;
        this.changing = new Changing(instances, changes, id);
        this.id = id;
        this.restart = new RestartCard(changing);
        this.identity = new IdentityCard(changing);
        addClassName("cards");
        millis.placeholder("all of its vCPUs");
        weight.placeholder(Integer.toString(USUAL.cpuWeight()));
        swap.placeholder(Long.toString(USUAL.swap()));
        pids.placeholder(Integer.toString(USUAL.pids()));
        io.placeholder(Integer.toString(USUAL.ioWeight()));
        add(
                card("CPU", this::cpuChange, cpus, millis, weight),
                card("Memory", this::memoryChange, memory, swap),
                card("Processes and disk access", this::restChange, pids, io),
                card("Writable layer", this::diskChange, layer),
                restart,
                health,
                identity);
        refresh();
        live.follow(this, event -> event.subject().id().equals(id), true, this::refresh);
    }

    private Card card(String title, Supplier<Map<String, ?>> change, LimitField... limits) {
        Div column = Changing.column(limits);
        column.add(changing.apply(change));
        return new Card(title, column);
    }

    private void refresh() {
        instances.find(id).ifPresent(instance -> {
            ContainerSpec spec = (ContainerSpec) instance.spec();
            show(instance, spec);
            use(instance, spec);
        });
    }

    private void show(InstanceView instance, ContainerSpec spec) {
        ContainerSpec.Limits limits = spec.limits();
        cpus.show(saved, instance.cpus().value());
        millis.show(saved, limits.cpuMillis());
        weight.show(saved, limits.cpuWeight());
        memory.show(saved, mebibytes(instance.memory().bytes()));
        swap.show(saved, mebibytes(limits.swap()));
        pids.show(saved, limits.pids());
        io.show(saved, limits.ioWeight());
        layer.show(saved, mebibytes(instance.disks().getFirst().size().bytes()));
        restart.show(spec);
        health.show(instance, spec);
        identity.show(instance);
        changing.show(instance);
    }

    private Map<String, ?> cpuChange() {
        Map<String, @Nullable Object> limits = new HashMap<>();
        limits.put("cpuWeight", weight.value());
        limits.put("cpuMillis", millis.value());
        return change("cpus", cpus.value(), limits);
    }

    private Map<String, ?> memoryChange() {
        Map<String, @Nullable Object> limits = new HashMap<>();
        limits.put("swap", swap.value() == null ? null : DataSize.ofMebibytes(swap.value()));
        return change("memory", memory.value() == null ? null : DataSize.ofMebibytes(memory.value()), limits);
    }

    private Map<String, ?> restChange() {
        Map<String, @Nullable Object> limits = new HashMap<>();
        limits.put("pids", pids.value());
        limits.put("ioWeight", io.value());
        return Map.of("limits", limits);
    }

    private Map<String, ?> diskChange() {
        Integer size = layer.value();
        if (size == null) {
            return Map.of();
        }
        String disk = instances.require(id).disks().getFirst().name();
        return Map.of("disks", List.of(new InstanceChanges.DiskChange(disk, DataSize.ofMebibytes(size))));
    }

    private static Map<String, @Nullable Object> change(
            String field, @Nullable Object value, Map<String, @Nullable Object> limits) {
        Map<String, @Nullable Object> all = new HashMap<>();
        if (value != null) {
            all.put(field, value);
        }
        all.put("limits", limits);
        return all;
    }

    private static int mebibytes(long bytes) {
        return (int) (bytes >> 20);
    }

    private void use(InstanceView instance, ContainerSpec spec) {
        InstanceView.Usage usage = instance.usage();
        if (usage == null) {
            String why = instance.state() == InstanceView.State.RUNNING ? "measuring…" : "it does not run";
            List.of(cpus, memory, swap, pids, io, layer).forEach(field -> field.uses(-1, why));
            return;
        }
        cpus.uses(
                usage.cpu(),
                "now " + Formats.percent(usage.cpu()) + " of " + instance.cpus().value());
        of(memory, usage.memory(), instance.memory().bytes());
        Long swapped = usage.swap();
        if (swapped == null) {
            swap.uses(-1, "its node does not count it");
        } else {
            of(swap, swapped, spec.limits().swap());
        }
        Sample.Space space = usage.layer();
        if (space == null) {
            layer.uses(-1, "–");
        } else {
            of(layer, space.used(), space.capacity());
        }
        io.uses(
                -1,
                "now " + Formats.rate(usage.diskReadPerSecond()) + " read, " + Formats.rate(usage.diskWritePerSecond())
                        + " written");
        processes(instance, spec);
    }

    private static void of(LimitField field, long used, long most) {
        field.uses(
                (double) used / Math.max(1, most),
                "now " + Formats.size(new DataSize(used)) + " of " + Formats.size(new DataSize(most)));
    }

    private void processes(InstanceView instance, ContainerSpec spec) {
        try {
            int count = access.processes(instance).size();
            pids.uses((double) count / spec.limits().pids(), "now " + count + (count == 1 ? " process" : " processes"));
        } catch (BerthException e) {
            // It may have ended just now, or its node be away; the page's head tells that.
            pids.uses(-1, "–");
        }
    }
}

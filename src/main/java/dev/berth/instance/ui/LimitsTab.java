package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DiskSpec;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a container may use, what it uses, and what happens when it ends or fails; limits hold at once. */
class LimitsTab extends Div {
    private static final long serialVersionUID = 1L;
    private final transient InstanceAccess access;
    private final transient Changing changing;
    private final transient Redraw redraw;
    private transient @Nullable Fields fields;
    private final HealthCard health = new HealthCard();

    LimitsTab(Instances instances, InstanceChanges changes, InstanceAccess access, LiveUpdates live, UUID id) {
        this.access = access;
        this.changing = new Changing(instances, changes, id);
        this.redraw = new Redraw(instances, id, this::draw);
        addClassName("cards");
        refresh();
        live.follow(this, event -> event.subject().id().equals(id), true, this::refresh);
    }

    /** The fields whose use is shown. */
    private record Fields(
            LimitField cpu, LimitField memory, LimitField swap, LimitField pids, LimitField io, LimitField layer) {
        List<LimitField> all() {
            return List.of(cpu, memory, swap, pids, io, layer);
        }
    }

    private void refresh() {
        redraw.ifChanged().ifPresent(instance -> {
            ContainerSpec spec = (ContainerSpec) instance.spec();
            health.show(instance, spec);
            Fields known = fields;
            if (known != null) {
                use(known, instance, spec);
            }
        });
    }

    private void draw(InstanceView instance) {
        ContainerSpec spec = (ContainerSpec) instance.spec();
        LimitField cpu = new LimitField("vCPUs", instance.cpus().value(), 1, "what it sees as its CPUs");
        LimitField memory =
                new LimitField("Memory in MiB", mebibytes(instance.memory().bytes()), 4, "");
        LimitField pids = new LimitField("Most processes", spec.limits().pids(), 1, "threads count, too");
        LimitField io =
                new LimitField("Disk weight", spec.limits().ioWeight(), 1, "1 to 10000, when others want it too");
        LimitField swap =
                new LimitField("Swap in MiB", mebibytes(spec.limits().swap()), 0, "beyond its memory; 0 for none");
        ContainerSpec.Limits usual = ContainerSpec.Limits.USUAL;
        pids.placeholder(Integer.toString(usual.pids()));
        io.placeholder(Integer.toString(usual.ioWeight()));
        swap.placeholder(Long.toString(usual.swap()));
        DiskSpec disk = instance.disks().getFirst();
        LimitField layer = new LimitField(
                "Limit in MiB",
                mebibytes(disk.size().bytes()),
                1,
                "of what it writes over its image; it can only grow");
        fields = new Fields(cpu, memory, swap, pids, io, layer);
        removeAll();
        add(cpu(instance, spec, cpu), memory(instance, memory, swap), rest(instance, pids, io));
        add(disk(instance, disk, layer));
        add(new RestartCard(changing, instance, spec), health, new IdentityCard(changing, instance));
    }

    private Card cpu(InstanceView instance, ContainerSpec spec, LimitField cpus) {
        LimitField millis =
                new LimitField("CPU quota", spec.limits().cpuMillis(), 10, "thousandths of a CPU: 500 is half of one");
        millis.placeholder("all of its vCPUs");
        LimitField weight =
                new LimitField("CPU weight", spec.limits().cpuWeight(), 1, "1 to 10000, when others want it too");
        weight.placeholder(Integer.toString(ContainerSpec.Limits.USUAL.cpuWeight()));
        return card(
                "CPU",
                instance,
                () -> {
                    Map<String, @Nullable Object> limits = new HashMap<>();
                    limits.put("cpuWeight", weight.value());
                    limits.put("cpuMillis", millis.value());
                    return change("cpus", cpus.value(), limits);
                },
                cpus,
                millis,
                weight);
    }

    private Card memory(InstanceView instance, LimitField memory, LimitField swap) {
        return card(
                "Memory",
                instance,
                () -> {
                    Map<String, @Nullable Object> limits = new HashMap<>();
                    limits.put("swap", swap.value() == null ? null : DataSize.ofMebibytes(swap.value()));
                    return change(
                            "memory", memory.value() == null ? null : DataSize.ofMebibytes(memory.value()), limits);
                },
                memory,
                swap);
    }

    private Card rest(InstanceView instance, LimitField pids, LimitField io) {
        return card(
                "Processes and disk access",
                instance,
                () -> {
                    Map<String, @Nullable Object> limits = new HashMap<>();
                    limits.put("pids", pids.value());
                    limits.put("ioWeight", io.value());
                    return Map.of("limits", limits);
                },
                pids,
                io);
    }

    private Card disk(InstanceView instance, DiskSpec disk, LimitField size) {
        return card(
                "Writable layer",
                instance,
                () -> size.value() == null
                        ? Map.of()
                        : Map.of(
                                "disks",
                                List.of(new InstanceChanges.DiskChange(
                                        disk.name(), DataSize.ofMebibytes(size.value())))),
                size);
    }

    private Card card(String title, InstanceView instance, Supplier<Map<String, ?>> change, LimitField... limits) {
        Div column = Changing.column(limits);
        column.add(changing.apply(instance, change));
        return new Card(title, column);
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

    private void use(Fields known, InstanceView instance, ContainerSpec spec) {
        InstanceView.Usage usage = instance.usage();
        if (usage == null) {
            String why = instance.state() == InstanceView.State.RUNNING ? "measuring…" : "it does not run";
            known.all().forEach(field -> field.uses(-1, why));
            return;
        }
        known.cpu()
                .uses(
                        usage.cpu(),
                        "now " + Formats.percent(usage.cpu()) + " of "
                                + instance.cpus().value());
        of(known.memory(), usage.memory(), instance.memory().bytes());
        Long swap = usage.swap();
        if (swap == null) {
            known.swap().uses(-1, "its node does not count it");
        } else {
            of(known.swap(), swap, spec.limits().swap());
        }
        Sample.Space layer = usage.layer();
        if (layer == null) {
            known.layer().uses(-1, "–");
        } else {
            of(known.layer(), layer.used(), layer.capacity());
        }
        known.io()
                .uses(
                        -1,
                        "now " + Formats.rate(usage.diskReadPerSecond()) + " read, "
                                + Formats.rate(usage.diskWritePerSecond()) + " written");
        processes(known.pids(), instance, spec);
    }

    private static void of(LimitField field, long used, long most) {
        field.uses(
                (double) used / Math.max(1, most),
                "now " + Formats.size(new DataSize(used)) + " of " + Formats.size(new DataSize(most)));
    }

    private void processes(LimitField pids, InstanceView instance, ContainerSpec spec) {
        try {
            int count = access.processes(instance).size();
            pids.uses((double) count / spec.limits().pids(), "now " + count + (count == 1 ? " process" : " processes"));
        } catch (BerthException e) {
            // It may have ended just now, or its node be away; the page's head tells that.
            pids.uses(-1, "–");
        }
    }
}

package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.MountSpec;
import dev.berth.driver.OciDetails;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Subject;
import dev.berth.quota.Amounts;
import dev.berth.quota.QuotaLedger;
import dev.berth.quota.Resource;
import dev.berth.sql.Sql;
import dev.berth.storage.Volume;
import dev.berth.storage.VolumeUsers;
import dev.berth.storage.Volumes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which volumes instances have: those that were asked for by name, and those that their images declare. */
@ApplicationScoped
class InstanceVolumes implements VolumeUsers {
    private final Sql sql;
    private final Volumes volumes;
    private final QuotaLedger quota;

    InstanceVolumes(Sql sql, Volumes volumes, QuotaLedger quota) {
        this.sql = sql;
        this.volumes = volumes;
        this.quota = quota;
    }

    @Override
    public List<String> usersOf(UUID volume) {
        return sql.query(
                row -> row.getString(1),
                "select name from instance where jsonb_path_exists(spec, '$.mounts[*].volume ? (@ == $id)',"
                        + " jsonb_build_object('id', ?::text)) order by name limit 10",
                volume.toString());
    }

    /** Who has a volume. */
    private record User(UUID volume, Subject instance) {}

    @Override
    public Map<UUID, List<Subject>> usersIn(UUID project) {
        return sql
                .query(
                        row -> new User(
                                row.getObject("volume", UUID.class),
                                new Subject("instance", row.getObject("id", UUID.class), row.getString("name"))),
                        "select distinct (m ->> 'volume')::uuid as volume, i.id, i.name"
                                + " from instance i, jsonb_path_query(i.spec, '$.mounts[*]') m"
                                + " where i.project = ? and m ->> 'volume' is not null order by i.name",
                        project)
                .stream()
                .collect(Collectors.groupingBy(User::volume, Collectors.mapping(User::instance, Collectors.toList())));
    }

    /** What a request's mounts come to, file systems in memory apart; the volumes stay until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<MountSpec> mounts(UUID project, UUID node, @Nullable List<NewContainer.NewMount> requested) {
        List<MountSpec> mounts = new ArrayList<>();
        List<NewContainer.NewMount> all = requested == null ? List.of() : requested;
        for (int i = 0; i < all.size(); i++) {
            NewContainer.NewMount wanted = all.get(i);
            String pointer = "/mounts/" + i;
            int sources = (wanted.volume() == null ? 0 : 1)
                    + (wanted.hostPath() == null ? 0 : 1)
                    + (wanted.tmpfs() == null ? 0 : 1);
            if (sources != 1) {
                throw BerthException.invalid(pointer, "A mount has exactly one of volume, hostPath and tmpfs.");
            }
            boolean readOnly = Boolean.TRUE.equals(wanted.readOnly());
            String volume = wanted.volume();
            if (volume != null) {
                Volume found = volumes.mounted(project, node, volume, pointer + "/volume");
                mounts.add(new MountSpec(found.id(), null, wanted.target(), readOnly, true));
            } else if (wanted.hostPath() != null) {
                mounts.add(new MountSpec(null, wanted.hostPath(), wanted.target(), readOnly, false));
            }
        }
        return mounts;
    }

    /** The mounts that a request leaves: those that it names, and the volumes that go with the instance; all if it is null. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<MountSpec> changed(Instance instance, ContainerSpec spec, @Nullable List<NewContainer.NewMount> requested) {
        if (requested == null) {
            return spec.mounts();
        }
        Set<UUID> own = volumes.of(instance.id()).stream().map(Volume::id).collect(Collectors.toSet());
        List<MountSpec> mounts = new ArrayList<>(mounts(instance.project(), instance.node(), requested));
        Set<String> named = mounts.stream()
                .map(mount -> mount.volume() + plain(mount.target()))
                .collect(Collectors.toSet());
        spec.mounts().stream()
                .filter(mount -> mount.volume() != null && own.contains(mount.volume()))
                .filter(mount -> !named.contains(mount.volume() + plain(mount.target())))
                .forEach(mounts::add);
        return mounts;
    }

    /** The instance with a volume, under the quota of an operation, for each path that its image declares and nothing covers. */
    @Transactional(Transactional.TxType.MANDATORY)
    Instance withDeclared(Instance instance, OciDetails.Config image, UUID operation, Caller caller) {
        if (!(instance.spec() instanceof ContainerSpec spec)) {
            return instance;
        }
        Set<String> covered = new HashSet<>();
        spec.mounts().forEach(mount -> covered.add(plain(mount.target())));
        spec.tmpfs().forEach(tmpfs -> covered.add(plain(tmpfs.target())));
        List<MountSpec> mounts = new ArrayList<>(spec.mounts());
        for (String target : image.volumes()) {
            if (covered.add(plain(target))) {
                mounts.add(new MountSpec(
                        added(instance, volumes.usualSize(), operation, caller), null, target, false, true));
            }
        }
        return instance.with(draft -> draft.spec = ContainerDraft.of(spec, container -> container.mounts = mounts));
    }

    /** The volumes that an instance has and did not have before. */
    static List<UUID> added(Instance before, Instance after) {
        Set<UUID> had = volumesOf(before);
        return volumesOf(after).stream()
                .filter(id -> !had.contains(id))
                .sorted()
                .toList();
    }

    private static Set<UUID> volumesOf(Instance instance) {
        return instance.spec() instanceof ContainerSpec spec
                ? spec.mounts().stream()
                        .map(MountSpec::volume)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static String plain(String target) {
        return target.length() > 1 && target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    }

    private UUID added(Instance instance, DataSize size, UUID operation, Caller caller) {
        quota.reserve(operation, instance.project(), new Amounts(Map.of(Resource.DISK, size.bytes())));
        return volumes.addFor(instance.project(), instance.node(), instance.id(), instance.name(), size, caller)
                .id();
    }

    /** A copy of an instance with new volumes in the place of those that go with the original; others are shared. */
    @Transactional(Transactional.TxType.MANDATORY)
    Instance withOwn(Instance copy, UUID original, UUID operation, Caller caller) {
        if (!(copy.spec() instanceof ContainerSpec spec)) {
            return copy;
        }
        Map<UUID, DataSize> own = new HashMap<>();
        volumes.of(original).forEach(volume -> own.put(volume.id(), volume.size()));
        List<MountSpec> mounts = spec.mounts().stream()
                .map(mount -> {
                    DataSize size = mount.volume() == null ? null : own.get(mount.volume());
                    return size == null
                            ? mount
                            : new MountSpec(
                                    added(copy, size, operation, caller), null, mount.target(), mount.readOnly(), true);
                })
                .toList();
        return copy.with(draft -> draft.spec = ContainerDraft.of(spec, container -> container.mounts = mounts));
    }
}

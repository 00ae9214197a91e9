package dev.berth.instance;

import dev.berth.driver.Publication;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who publishes which port of which node. A port is taken when it is asked for, and given back with the instance. */
@ApplicationScoped
class Publications {
    /** A column of the SPI's records as JSON, for a query that calls the instance {@code i}. */
    static final String COLUMN =
            "(select coalesce(jsonb_agg(jsonb_build_object('protocol', lower(b.protocol), 'hostAddress',"
                    + " nullif(b.address, ''), 'host', b.port, 'instance', b.instance_port) order by b.port, b.protocol, b.address), '[]')"
                    + " from publication b where b.instance = i.id) as publications";

    private final Sql sql;
    private final PublicationRules rules;

    Publications(Sql sql, PublicationRules rules) {
        this.sql = sql;
        this.rules = rules;
    }

    /** Who has a port that is wanted. */
    private record Holder(UUID project, String name) {}

    /**
     * Makes the instance's ports be those that it says; in the caller's transaction.
     *
     * @throws BerthException INVALID_ARGUMENT for what nobody may publish, IN_USE when another instance has a port
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void claim(Instance instance) {
        rules.check(instance);
        List<Publication> wanted = instance.publications();
        lock(instance);
        for (int i = 0; i < wanted.size(); i++) {
            Publication publication = wanted.get(i);
            String pointer = "/publish/" + i + "/host";
            holder(instance, publication).ifPresent(holder -> {
                throw taken(instance, publication, holder).with("pointer", pointer);
            });
        }
        write(instance);
    }

    /** The same, without what others have taken in the meantime: an undo never fails for that. */
    @Transactional(Transactional.TxType.MANDATORY)
    void restore(Instance instance) {
        lock(instance);
        write(instance);
    }

    /** Those who want the same port come one after the other; in one order, so that nobody waits in a circle. */
    private void lock(Instance instance) {
        instance.publications().stream()
                .map(publication -> instance.node() + " " + PublicationRules.written(publication))
                .distinct()
                .sorted(Comparator.comparingInt(String::hashCode).thenComparing(Comparator.naturalOrder()))
                .forEach(key -> sql.query(
                        row -> 1, "select pg_advisory_xact_lock(hashtext('publication'), ?)", key.hashCode()));
    }

    private Optional<Holder> holder(Instance instance, Publication publication) {
        String address = address(publication);
        return sql.one(
                row -> new Holder(row.getObject("project", UUID.class), row.getString("name")),
                "select i.project, i.name from publication b join instance i on i.id = b.instance where b.node = ?"
                        + " and b.protocol = ? and b.port = ? and b.instance <> ? and (b.address = ? or b.address = '' or ? = '')",
                instance.node(),
                publication.protocol().name(),
                publication.host(),
                instance.id(),
                address,
                address);
    }

    private static BerthException taken(Instance instance, Publication publication, Holder holder) {
        String who = holder.project().equals(instance.project())
                ? "the instance '" + holder.name() + "'"
                : "an instance of another project";
        return BerthException.of(
                ErrorCode.IN_USE,
                "Port " + PublicationRules.written(publication) + " of the node is published by " + who
                        + " already; choose another one.");
    }

    private void write(Instance instance) {
        sql.later("delete from publication where instance = ?", instance.id());
        for (Publication publication : instance.publications()) {
            if (holder(instance, publication).isEmpty()) {
                sql.update(
                        "insert into publication (node, protocol, port, address, instance, instance_port)"
                                + " values (?, ?, ?, ?, ?, ?)",
                        instance.node(),
                        publication.protocol().name(),
                        publication.host(),
                        address(publication),
                        instance.id(),
                        publication.instance());
            }
        }
    }

    private static String address(Publication publication) {
        Ipv4 address = publication.hostAddress();
        return address == null ? "" : address.value();
    }
}

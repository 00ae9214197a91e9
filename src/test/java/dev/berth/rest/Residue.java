package dev.berth.rest;

import dev.berth.sql.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an installation holds at a moment: rows of every table by number, the ledger by its figures, the node's files by
 * name. Two of them are equal when nothing was left behind between.
 */
record Residue(TreeMap<String, Long> rows, List<String> ledger, List<String> files) {
    /** Tables that grow by design: histories, observations, and addresses that rest before they are given out again. */
    private static final Set<String> MOVING = Set.of(
            "event",
            "scheduled_tasks",
            "flyway_schema_history",
            "instance_observed",
            "network_address_freed",
            "operation",
            "operation_log");

    static Residue of(Sql sql, Path node) {
        TreeMap<String, Long> rows = new TreeMap<>();
        for (String table : sql.query(
                row -> row.getString(1),
                "select table_name from information_schema.tables where table_schema = 'public'")) {
            if (!MOVING.contains(table)) {
                rows.put(table, count(sql, "select count(*) from " + table));
            }
        }
        rows.put("operations under way", count(sql, "select count(*) from operation where finished_at is null"));
        List<String> ledger = sql.query(
                row -> row.getString(1),
                "select concat_ws(' ', project, resource, max_amount, used, reserved) from quota_usage"
                        + " where used <> 0 or reserved <> 0 or max_amount is not null order by 1");
        List.of("quota_counter", "quota_change", "quota_usage").forEach(rows::remove);
        return new Residue(rows, ledger, files(node));
    }

    private static long count(Sql sql, String query) {
        return sql.query(row -> row.getLong(1), query).getFirst();
    }

    private static List<String> files(Path node) {
        try (Stream<Path> all = Files.walk(node)) {
            return all.map(file -> node.relativize(file).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

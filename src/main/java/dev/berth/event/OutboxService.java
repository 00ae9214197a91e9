package dev.berth.event;

import dev.berth.json.BerthJson;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;

/** Writes events as rows of the caller's transaction (a trigger rings the feed's bell at its commit). */
@ApplicationScoped
class OutboxService implements Outbox {
    private final Sql sql;
    private final Clock clock;

    OutboxService(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(NewEvent event) {
        sql.later(
                "insert into event (type, project, subject_kind, subject_id, subject_name, actor, at, data)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)",
                event.type(),
                event.project(),
                event.subject().kind(),
                event.subject().id(),
                event.subject().name(),
                event.actor(),
                clock.instant(),
                BerthJson.text(event.data()));
    }
}

package dev.berth.project;

import dev.berth.access.Caller;
import dev.berth.event.NewEvent;
import dev.berth.event.Outbox;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Subject;
import dev.berth.kernel.Uuids;
import dev.berth.sql.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All projects. */
@ApplicationScoped
public class Projects {
    private final Sql sql;
    private final Outbox outbox;
    private final Event<Removal> removal;
    private final Clock clock;

    Projects(Sql sql, Outbox outbox, Event<Removal> removal, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.removal = removal;
        this.clock = clock;
    }

    /** A project is about to be removed; an observer that still has something in it throws IN_USE. */
    public record Removal(Project project) {}

    public List<Project> list() {
        return sql.query(Projects::read, "select * from project order by name");
    }

    /** By id or by name. */
    public Optional<Project> find(String idOrName) {
        Optional<UUID> id = Uuids.parse(idOrName);
        return id.isPresent()
                ? sql.one(Projects::read, "select * from project where id = ?", id.get())
                : sql.one(Projects::read, "select * from project where name = ?", idOrName);
    }

    /** By id or by name; NOT_FOUND otherwise. */
    public Project require(String idOrName) {
        return find(idOrName).orElseThrow(() -> BerthException.notFound("project", idOrName));
    }

    @Transactional
    public Project create(ResourceName name, String description, Caller caller) {
        UUID id = Uuids.next();
        int made = sql.update(
                "insert into project (id, name, description, created_at) values (?, ?, ?, ?) on conflict do nothing",
                id,
                name.value(),
                checked(description),
                clock.instant());
        if (made == 0) {
            throw taken(name);
        }
        return announce("project.created", require(id.toString()), caller);
    }

    @Transactional
    public Project change(Project project, @Nullable ResourceName name, @Nullable String description, Caller caller) {
        if (name != null
                && find(name.value())
                        .filter(other -> !other.id().equals(project.id()))
                        .isPresent()) {
            throw taken(name);
        }
        sql.update(
                "update project set name = ?, description = ?, version = version + 1 where id = ?",
                name == null ? project.name() : name.value(),
                description == null ? project.description() : checked(description),
                project.id());
        return announce("project.changed", require(project.id().toString()), caller);
    }

    @Transactional
    public void delete(Project project, Caller caller) {
        if (project.id().equals(Project.DEFAULT)) {
            throw BerthException.of(ErrorCode.PROTECTED, "The default project cannot be removed.");
        }
        sql.query(row -> 0, "select 1 from project where id = ? for update", project.id());
        removal.fire(new Removal(project));
        sql.update("delete from project where id = ?", project.id());
        announce("project.deleted", project, caller);
    }

    private Project announce(String type, Project project, Caller caller) {
        outbox.append(new NewEvent(
                type, project.id(), new Subject("project", project.id(), project.name()), caller.name(), Map.of()));
        return project;
    }

    private static BerthException taken(ResourceName name) {
        return BerthException.of(
                        ErrorCode.NAME_TAKEN, "There is a project '" + name.value() + "' already; choose another name.")
                .with("pointer", "/name");
    }

    private static String checked(String description) {
        if (description.length() > 1000) {
            throw BerthException.invalid("/description", "A description has at most 1,000 characters.");
        }
        return description;
    }

    private static Project read(ResultSet row) throws SQLException {
        return new Project(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("description"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}

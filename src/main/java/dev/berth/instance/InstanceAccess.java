package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.ExecResult;
import dev.berth.driver.ExecSpec;
import dev.berth.driver.Executing;
import dev.berth.driver.FileAccess;
import dev.berth.driver.FileEntry;
import dev.berth.driver.LogQuery;
import dev.berth.driver.LogRecord;
import dev.berth.driver.Processes;
import dev.berth.driver.RecordLogs;
import dev.berth.driver.StoredImage;
import dev.berth.driver.Subscription;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Pieces;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** What can be done inside an instance: commands, files, processes, and what it wrote. UNSUPPORTED where its driver cannot. */
@ApplicationScoped
public class InstanceAccess {
    private static final Logger LOG = Logger.getLogger(InstanceAccess.class);
    private static final int LONGEST_EXEC = 600;
    private static final int MOST_STDIN = 512 * 1024;
    private static final int MOST_RECORDS = 100_000;
    private static final int PIECE = 1 << 20;
    private static final int MOST_MODE = 07777;
    private final Nodes nodes;
    private final InstanceStore store;

    InstanceAccess(Nodes nodes, InstanceStore store) {
        this.nodes = nodes;
        this.store = store;
    }

    private <C extends DriverCapability> C require(InstanceView instance, Class<C> type) {
        return nodes.drivers(instance.node()).instances(instance.kind()).require(type);
    }

    /**
     * Runs a command to its end; WRONG_STATE unless the instance runs, DEADLINE_EXCEEDED when the time is over.
     *
     * @param seconds how long it may take, 1 to 600
     */
    public ExecResult exec(InstanceView instance, ExecSpec spec, String stdin, int seconds, Caller caller) {
        if (seconds < 1 || seconds > LONGEST_EXEC) {
            throw BerthException.invalid("/timeout", "timeout is between 1 and " + LONGEST_EXEC + " seconds.");
        }
        if (stdin.length() > MOST_STDIN) {
            throw BerthException.invalid("/stdin", "stdin has at most " + MOST_STDIN + " characters.");
        }
        check(spec);
        Executing executing = require(instance, Executing.class);
        announce("instance.exec", instance, caller);
        return executing.exec(instance.id(), spec, stdin, Duration.ofSeconds(seconds));
    }

    private static void check(ExecSpec spec) {
        ContainerRules.arguments("/command", spec.args());
        spec.env().forEach(ContainerRules::variable);
        ContainerRules.user("/user", spec.user());
        String directory = spec.workingDirectory();
        if (directory != null) {
            ContainerRules.path("/workingDirectory", directory);
        }
    }

    private void announce(String type, InstanceView instance, Caller caller) {
        QuarkusTransaction.requiringNew()
                .run(() -> store.find(instance.id()).ifPresent(found -> store.announce(type, found, caller.name())));
    }

    public List<LogRecord> readLog(InstanceView instance, LogQuery query) {
        check(query);
        return require(instance, RecordLogs.class).readLog(instance.id(), query);
    }

    /** The records of a query, and then new ones as they come. A slow listener is waited for. */
    public Subscription followLog(InstanceView instance, LogQuery query, Consumer<LogRecord> listener) {
        check(query);
        return require(instance, RecordLogs.class).followLog(instance.id(), query, listener);
    }

    private static void check(LogQuery query) {
        if (query.tail() < 0 || query.tail() > MOST_RECORDS) {
            throw BerthException.invalid("?tail", "tail is between 0 and " + MOST_RECORDS + ".");
        }
    }

    public List<Processes.Entry> processes(InstanceView instance) {
        return require(instance, Processes.class).processes(instance.id());
    }

    public List<FileEntry> listFiles(InstanceView instance, String path) {
        ContainerRules.path("?path", path);
        return require(instance, FileAccess.class).listFiles(instance.id(), path);
    }

    /** A piece of a regular file. */
    public StoredImage.Chunk readFile(InstanceView instance, String path, long offset) {
        ContainerRules.path("?path", path);
        return require(instance, FileAccess.class).readFile(instance.id(), path, offset, PIECE);
    }

    /**
     * Writes a file from a stream; nothing is seen at the path before all of it has arrived.
     *
     * @param mode permission bits
     * @return bytes written
     */
    public long writeFile(InstanceView instance, String path, int mode, InputStream content, Caller caller)
            throws IOException {
        ContainerRules.path("?path", path);
        if (mode < 0 || mode > MOST_MODE) {
            throw BerthException.invalid("?mode", "mode is an octal number from 0 to 7777, for example 0644.");
        }
        FileAccess files = require(instance, FileAccess.class);
        UUID upload = Uuids.next();
        boolean complete = false;
        try {
            long written = send(files, instance, new FileAccess.FileWrite(path, upload, 0, mode, false), content);
            complete = true;
            announce("instance.file-written", instance, caller);
            return written;
        } finally {
            if (!complete) {
                drop(files, instance, path, upload);
            }
        }
    }

    private static long send(FileAccess files, InstanceView instance, FileAccess.FileWrite first, InputStream content)
            throws IOException {
        return Pieces.send(
                content,
                PIECE,
                (piece, offset, last) -> files.writeFile(
                        instance.id(),
                        new FileAccess.FileWrite(first.path(), first.upload(), offset, first.mode(), last),
                        piece));
    }

    /** What cannot be removed now goes with the next upload to the same directory, after a while. */
    private static void drop(FileAccess files, InstanceView instance, String path, UUID upload) {
        try {
            files.dropUpload(instance.id(), path, upload);
        } catch (BerthException e) {
            LOG.debugf(e, "an upload to %s was left", instance.name());
        }
    }

    public void makeDirectory(InstanceView instance, String path, Caller caller) {
        ContainerRules.path("?path", path);
        require(instance, FileAccess.class).makeDirectory(instance.id(), path);
        announce("instance.file-written", instance, caller);
    }

    /** Removes a file or an empty directory; success if it is gone. */
    public void deleteFile(InstanceView instance, String path, Caller caller) {
        ContainerRules.path("?path", path);
        require(instance, FileAccess.class).deleteFile(instance.id(), path);
        announce("instance.file-deleted", instance, caller);
    }
}

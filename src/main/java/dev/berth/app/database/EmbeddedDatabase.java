package dev.berth.app.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL server below the state directory, on loopback with a password of its own.
 *
 * <p>The first start creates the cluster, gives its superuser a random password (kept in {@code password}, mode 0600) and
 * switches loopback connections from trust to scram-sha-256. A server that an earlier, killed controller left behind is
 * stopped first; PostgreSQL then recovers from its log. While running, the server is watched and started anew if it dies;
 * what was committed is there again.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
    private final Path directory;
    private final int port;
    private final String password;
    private volatile EmbeddedPostgres server;
    private volatile boolean closed;

    private EmbeddedDatabase(Path directory) throws IOException {
        this.directory = directory;
        boolean fresh = !Files.exists(directory.resolve("password"));
        this.port = port(directory);
        stopLeftover();
        if (fresh) {
            this.password = randomPassword();
            this.server = launch("trust", "");
            secure();
        } else {
            this.password = Files.readString(directory.resolve("password")).trim();
            this.server = launch("scram-sha-256", password);
        }
        Thread.ofPlatform().daemon().name("database-watch").start(this::watch);
    }

    /** Starts the server, or fails with what PostgreSQL said. */
    public static EmbeddedDatabase start(Path directory) {
        try {
            Files.createDirectories(directory);
            return new EmbeddedDatabase(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "PostgreSQL did not start below " + directory + "; its log is server.log there", e);
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return "postgres";
    }

    public String password() {
        return password;
    }

    /** Process id of the server, for tests that kill it. */
    public long pid() throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .getFirst()
                .trim());
    }

    private EmbeddedPostgres launch(String method, String secret) throws IOException {
        Path access = directory.resolve("access.conf");
        Files.writeString(access, "host all all 127.0.0.1/32 " + method + "\n");
        access.toFile().setReadable(true, false);
        Path log = directory.resolve("server.log");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("binaries").toFile())
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("hba_file", access.toString())
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                // The library is meant for tests and switches these off; what is committed here has to stay.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("shared_buffers", "64MB")
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (!secret.isEmpty()) {
            builder.setConnectConfig("password", secret);
        }
        return builder.start();
    }

    private void secure() throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter user postgres with password '" + password + "'");
            Files.writeString(directory.resolve("access.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        Path file = directory.resolve("password");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password);
    }

    private void watch() {
        while (!closed) {
            pause();
            if (!closed && !running()) {
                restart();
            }
        }
    }

    private void restart() {
        LOG.error("PostgreSQL has ended; starting it again");
        try {
            stopLeftover();
            server = launch("scram-sha-256", password);
            LOG.info("PostgreSQL is back");
        } catch (IOException | RuntimeException e) {
            LOG.error("PostgreSQL does not come back; trying again", e);
        }
    }

    /** Whether the postmaster lives; one that has ended but was not reaped yet does not. */
    private boolean running() {
        try {
            String status = Files.readString(Path.of("/proc/" + pid() + "/stat"));
            return !status.substring(status.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a postmaster of this very data directory that outlived its controller. */
    private void stopLeftover() throws IOException {
        Path pidFile = directory.resolve("data/postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = pid();
        ProcessHandle handle = ProcessHandle.of(pid).filter(this::isOurs).orElse(null);
        if (handle != null) {
            LOG.warnf("Stopping the PostgreSQL server %d that an earlier run left behind", pid);
            handle.destroy();
            try {
                handle.onExit().get(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                handle.destroyForcibly();
            }
        }
        Files.deleteIfExists(pidFile);
        Files.deleteIfExists(directory.resolve("data/epg-lock"));
    }

    private boolean isOurs(ProcessHandle handle) {
        try {
            String command = Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"));
            return command.contains(directory.resolve("data").toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static int port(Path directory) throws IOException {
        Path file = directory.resolve("port");
        if (Files.exists(file)) {
            return Integer.parseInt(Files.readString(file).trim());
        }
        try (ServerSocket socket = new ServerSocket(0)) {
            Files.writeString(file, Integer.toString(socket.getLocalPort()));
            return socket.getLocalPort();
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("PostgreSQL did not stop cleanly", e);
        }
    }
}

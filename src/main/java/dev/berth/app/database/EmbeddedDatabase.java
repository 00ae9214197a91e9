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
    private static final Duration FIRST_START = Duration.ofSeconds(60);
    /** The library does not notice that a server ended right after its start; the watch does, and tries again. */
    private static final Duration RESTART = Duration.ofSeconds(10);

    private final Path directory;
    private final Postmaster postmaster;
    private final int port;
    private final String password;
    private volatile EmbeddedPostgres server;
    private volatile boolean closed;

    private EmbeddedDatabase(Path directory) throws IOException {
        this.directory = directory;
        this.postmaster = new Postmaster(directory.resolve("data"));
        boolean fresh = !Files.exists(directory.resolve("password"));
        this.port = port(directory);
        postmaster.stop();
        if (fresh) {
            this.password = randomPassword();
            this.server = launch("trust", "", FIRST_START);
            secure();
        } else {
            this.password = Files.readString(directory.resolve("password")).trim();
            this.server = launch("scram-sha-256", password, FIRST_START);
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
        return postmaster.pid();
    }

    private EmbeddedPostgres launch(String method, String secret, Duration wait) throws IOException {
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
                .setPGStartupWait(wait)
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
            if (!closed && !postmaster.running()) {
                restart();
            }
        }
    }

    private void restart() {
        LOG.error("PostgreSQL has ended; starting it again");
        try {
            postmaster.stop();
            server = launch("scram-sha-256", password, RESTART);
            LOG.info("PostgreSQL is back");
        } catch (IOException | RuntimeException e) {
            LOG.error("PostgreSQL does not come back; trying again", e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

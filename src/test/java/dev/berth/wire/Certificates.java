package dev.berth.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Authorities and certificates for tests, made with {@code openssl}; a directory for each holder, as agents have it. */
final class Certificates {
    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** An authority of its own. */
    static Certificates authority(Path directory, String name) {
        Certificates made = new Certificates(directory.resolve(name));
        made.run(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-noenc",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem");
        return made;
    }

    /** A directory with a certificate of this authority, for 127.0.0.1 and both sides of a connection. */
    Path issue(String holder) {
        return issue(holder, "IP:127.0.0.1", "serverAuth,clientAuth", 2);
    }

    /**
     * A directory with a certificate of this authority.
     *
     * @param days how long it is good; negative for one that is over
     */
    Path issue(String holder, String subject, String usage, int days) {
        Path home = directory.resolve(holder);
        Path extensions = home.resolve("extensions");
        try {
            Files.createDirectories(home);
            Files.writeString(extensions, "subjectAltName=" + subject + "\nextendedKeyUsage=" + usage + "\n");
            Files.copy(directory.resolve("ca.pem"), home.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        run(
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-noenc",
                "-subj",
                "/CN=" + holder,
                "-keyout",
                holder + "/key.pem",
                "-out",
                holder + "/request.pem");
        run(
                "x509",
                "-req",
                "-in",
                holder + "/request.pem",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                Integer.toString(days),
                "-extfile",
                holder + "/extensions",
                "-out",
                holder + "/cert.pem");
        return home;
    }

    private void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(directory);
            Path log = directory.resolve("openssl.log");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + ": " + Files.readString(log));
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

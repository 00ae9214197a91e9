package dev.berth.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.driver.images.FreeSpace;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Runs {@code berth-unpack}: feeds it an archive, and digests what it is fed. */
final class Unpacking {
    private static final int BUFFER = 1 << 18;
    private static final int REFUSED = 1;
    private static final int FULL = 3;
    private static final int MOST_MESSAGE = 4096;
    private final Path program;

    Unpacking(Path program) {
        this.program = program;
    }

    /**
     * How far it may go.
     *
     * @param archive bytes of the archive
     * @param unpacked bytes of its files
     * @param skipDevices whether device nodes in its {@code dev} are left out instead of refused
     */
    record Bounds(long archive, long unpacked, long entries, boolean skipDevices) {}

    /**
     * What came out.
     *
     * @param diffId digest of the archive
     * @param opaqueRoot whether it hides all layers below it
     */
    record Unpacked(Digest diffId, long bytes, boolean opaqueRoot) {}

    /**
     * Unpacks into an empty directory.
     *
     * @param meanwhile told how much of the archive has been fed; what it throws ends the work
     */
    Unpacked unpack(InputStream archive, Path directory, Bounds bounds, LongConsumer meanwhile) throws IOException {
        Process process = start(directory, bounds);
        try {
            MessageDigest algorithm = Digest.algorithm();
            boolean fed = feed(archive, process, algorithm, bounds.archive(), meanwhile);
            String answer = ended(process);
            if (!fed) {
                throw BerthException.of(ErrorCode.DRIVER_FAILED, "berth-unpack ended before the archive did.");
            }
            JsonNode result = BerthJson.mapper().readTree(answer);
            return new Unpacked(
                    Digest.end(algorithm),
                    result.path("bytes").asLong(),
                    result.path("opaqueRoot").asBoolean());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BerthException.of(ErrorCode.CANCELLED, "The unpacking was interrupted.", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(Path directory, Bounds bounds) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of("--ids", Long.toString(StoredIds.BASE), Long.toString(StoredIds.COUNT)));
        command.addAll(List.of("--root", directory.toString()));
        command.addAll(List.of("--limits", Long.toString(bounds.unpacked()), Long.toString(bounds.entries())));
        if (bounds.skipDevices()) {
            command.add("--skip-devices");
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.clear();
        return builder.start();
    }

    /** False when the program ended early; it says why. */
    private static boolean feed(
            InputStream archive, Process process, MessageDigest algorithm, long most, LongConsumer meanwhile)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (OutputStream out = new Pipe(process.getOutputStream())) {
            for (int count = archive.read(buffer); count >= 0; count = archive.read(buffer)) {
                total += count;
                if (total > most) {
                    throw Limits.refused("A layer unpacks to more than " + most
                            + " bytes, which is out of proportion; such files are made to harm.");
                }
                algorithm.update(buffer, 0, count);
                out.write(buffer, 0, count);
                meanwhile.accept(total);
            }
        } catch (Pipe.Broken e) {
            return false;
        }
        return true;
    }

    private static String ended(Process process) throws IOException, InterruptedException {
        String message = text(process.getErrorStream());
        String answer = text(process.getInputStream());
        if (!process.waitFor(1, TimeUnit.HOURS)) {
            throw BerthException.of(ErrorCode.DRIVER_FAILED, "berth-unpack does not end.");
        }
        int status = process.exitValue();
        if (status == 0) {
            return answer;
        }
        if (status == REFUSED) {
            throw Limits.refused("In a layer, " + message.strip() + ".");
        }
        if (status == FULL) {
            throw FreeSpace.exhausted();
        }
        throw BerthException.of(ErrorCode.DRIVER_FAILED, "A layer could not be unpacked: " + message.strip());
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readNBytes(MOST_MESSAGE), StandardCharsets.UTF_8);
    }
}

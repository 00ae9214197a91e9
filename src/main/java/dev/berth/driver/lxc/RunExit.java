package dev.berth.driver.lxc;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.berth.json.BerthJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a container or an added process ended: the file {@code run/exit}, and the last frame of an exec.
 *
 * @param exitCode 128 and the signal's number if a signal ended it
 * @param signal or zero
 * @param oom whether something in it was killed for want of memory
 * @param pids whether it failed and had come up against its limit of processes
 * @param error why it could not be started, or empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunExit(
        int exitCode,
        int signal,
        boolean oom,
        boolean pids,
        @Nullable String error,
        Instant endedAt) {
    private static final ObjectReader READER =
            BerthJson.mapper().readerFor(RunExit.class).without(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    static Optional<RunExit> read(ContainerFiles files) {
        return parse(Trees.text(files.exit()));
    }

    static Optional<RunExit> parse(String json) {
        try {
            return json.isBlank() ? Optional.empty() : Optional.of(READER.readValue(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    boolean failed() {
        return exitCode != 0;
    }

    /** The end of a container whose supervisor was killed and could not tell. */
    static byte[] lost(Instant now) {
        return ("{\"exitCode\":137,\"signal\":9,\"oom\":false,"
                        + "\"error\":\"the container was ended together with its supervisor\",\"endedAt\":\"" + now
                        + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Why it ended, for people; null after an ordinary end. */
    @Nullable
    String reason() {
        if (error != null && !error.isEmpty()) {
            return error;
        }
        if (oom) {
            return "killed because it ran out of its memory limit";
        }
        String end = signal != 0 ? "ended by signal " + signal : exitCode == 0 ? null : "exited with code " + exitCode;
        return pids ? end + "; it had come up against its limit of processes" : end;
    }
}

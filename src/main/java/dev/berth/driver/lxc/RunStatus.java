package dev.berth.driver.lxc;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.berth.driver.ProcessStat;
import dev.berth.json.BerthJson;
import java.time.Instant;
import java.util.Optional;

/**
 * Who runs a container: the file {@code run/status}.
 *
 * @param supervisor host's number of the process that watches it
 * @param init host's number of its process 1
 * @param startTicks when process 1 started, see {@link ProcessStat}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunStatus(long supervisor, long init, long startTicks, Instant startedAt) {
    private static final ObjectReader READER = BerthJson.mapper().readerFor(RunStatus.class);

    static Optional<RunStatus> read(ContainerFiles files) {
        return parse(Trees.text(files.status()));
    }

    /** The status of a container that runs. */
    static Optional<RunStatus> alive(ContainerFiles files) {
        return read(files).filter(RunStatus::isAlive);
    }

    static Optional<RunStatus> parse(String json) {
        try {
            return json.isBlank() ? Optional.empty() : Optional.of(READER.readValue(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Whether process 1 is there, and no other process under its number. */
    boolean isAlive() {
        return ProcessStat.of(init)
                .filter(stat -> stat.isAlive() && stat.startTicks() == startTicks)
                .isPresent();
    }
}

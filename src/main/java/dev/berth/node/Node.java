package dev.berth.node;

import dev.berth.driver.NodeFacts;
import dev.berth.driver.NodeUsage;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node as everybody sees it.
 *
 * @param address host name or IP address that it is reached at; null where it stands beside the controller
 * @param connected whether its agent answers
 * @param problem why not, or what its drivers complain about; null when all is well
 * @param facts what it is; null until it was reached once
 * @param usage how busy it is; null while it cannot be reached
 */
public record Node(
        UUID id,
        String name,
        @Nullable String address,
        boolean connected,
        @Nullable String problem,
        @Nullable NodeFacts facts,
        @Nullable NodeUsage usage,
        @Nullable Instant lastSeen) {}

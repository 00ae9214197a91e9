package dev.berth.quota;

import java.util.UUID;

/** A counter that says something else than a recount does. */
public record QuotaDrift(
        UUID project, Resource resource, long used, long reserved, long countedUsed, long countedReserved) {}

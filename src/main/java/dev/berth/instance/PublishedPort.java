package dev.berth.instance;

import dev.berth.driver.Publication;
import dev.berth.kernel.Ipv4;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A published port, as API and UI write and show it.
 *
 * @param host port of the node
 * @param instance port of the instance
 * @param protocol {@code tcp} (default) or {@code udp}
 * @param address address of the node that it holds for; without one, all of them
 */
public record PublishedPort(
        int host,
        int instance,
        Publication.@Nullable Protocol protocol,
        @Nullable Ipv4 address) {
    private static final Ipv4 ALL = new Ipv4("0.0.0.0");

    static PublishedPort of(Publication publication) {
        return new PublishedPort(
                publication.host(), publication.instance(), publication.protocol(), publication.hostAddress());
    }

    Publication publication() {
        return new Publication(
                Objects.requireNonNullElse(protocol, Publication.Protocol.TCP),
                ALL.equals(address) ? null : address,
                host,
                instance);
    }
}

package dev.berth.wire;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How a controller reaches an agent.
 *
 * <p>A TLS directory holds {@code ca.pem}, {@code cert.pem} and {@code key.pem} (PKCS#8); either side accepts only
 * certificates of that authority.
 */
public sealed interface Transport {
    /** The largest message; four times the largest piece of an upload. Larger ones are refused by whoever would send them. */
    int MOST_MESSAGE_BYTES = 16 << 20;

    /** What a failure may take in a trailer, and some more. */
    int MOST_METADATA_BYTES = 32 << 10;

    /** The same process, for tests: nothing listens, messages still become bytes. */
    record InProcess(String name) implements Transport {}

    /** A socket on the same host. */
    record Unix(Path socket) implements Transport {}

    /** A TCP port with mutual TLS. */
    record Tls(String host, int port, Path directory) implements Transport {}

    /**
     * Reads {@code unix:<path>} or {@code tcp:<host>:<port>}.
     *
     * @param tls where certificates are; looked at for tcp only
     */
    static Transport parse(String link, Path tls) {
        if (link.startsWith("unix:") && link.length() > 5) {
            return new Unix(Path.of(link.substring(5)));
        }
        int colon = link.lastIndexOf(':');
        if (link.startsWith("tcp:") && colon > 4 && link.substring(colon + 1).matches("\\d{1,5}")) {
            return new Tls(link.substring(4, colon), Integer.parseInt(link.substring(colon + 1)), tls);
        }
        throw BerthException.of(
                ErrorCode.INVALID_ARGUMENT,
                "A node's address is unix:<path of the agent's socket> or tcp:<host>:<port>, not '" + link + "'.");
    }

    /** A channel that connects when it is needed, and again when it broke. */
    default ManagedChannel connect() {
        ManagedChannelBuilder<?> builder =
                switch (this) {
                    case InProcess here -> InProcessChannelBuilder.forName(here.name());
                    case Unix unix ->
                        NettyChannelBuilder.forAddress(
                                        new DomainSocketAddress(unix.socket().toFile()))
                                .channelType(EpollDomainSocketChannel.class)
                                .withOption(ChannelOption.SO_KEEPALIVE, null)
                                .eventLoopGroup(EventLoops.shared())
                                .overrideAuthority("agent")
                                .usePlaintext();
                    case Tls tls -> secured(tls);
                };
        if (!(this instanceof InProcess)) {
            keepAlive(builder);
        }
        return builder.maxInboundMessageSize(MOST_MESSAGE_BYTES)
                .maxInboundMetadataSize(MOST_METADATA_BYTES)
                .build();
    }

    private static void keepAlive(ManagedChannelBuilder<?> builder) {
        builder.keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true);
    }

    private static NettyChannelBuilder secured(Tls tls) {
        try {
            return NettyChannelBuilder.forAddress(tls.host(), tls.port())
                    .channelType(EpollSocketChannel.class)
                    .eventLoopGroup(EventLoops.shared())
                    .overrideAuthority(tls.host())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(pem(tls.directory(), "ca.pem"))
                            .keyManager(pem(tls.directory(), "cert.pem"), pem(tls.directory(), "key.pem"))
                            .build());
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT, "The certificates in " + tls.directory() + " cannot be used.", e);
        }
    }

    /** A file of a TLS directory; INVALID_ARGUMENT if it is not there. */
    static File pem(Path directory, String name) {
        Path file = directory.resolve(name);
        if (!Files.isReadable(file)) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "There is no readable file " + file + ".");
        }
        return file.toFile();
    }
}

package dev.berth.wire;

import dev.berth.driver.NodeDrivers;
import dev.berth.kernel.Threads;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listening endpoint: a unix socket that a group may use, or a TCP port that demands a client's certificate. */
public final class WireServer implements AutoCloseable {
    private final Server server;
    private final DriverEndpoint endpoint;
    private final ExecutorService calls;

    private WireServer(Server server, DriverEndpoint endpoint, ExecutorService calls) {
        this.server = server;
        this.endpoint = endpoint;
        this.calls = calls;
    }

    /**
     * Begins to serve.
     *
     * @param group that may use a unix socket beside its owner, or null for the owner only
     */
    public static WireServer start(Transport transport, NodeDrivers drivers, CallHook hook, @Nullable String group)
            throws IOException {
        DriverEndpoint endpoint = new DriverEndpoint(drivers, hook);
        ExecutorService calls = Threads.shared(Threads.daemons("wire"));
        ServerBuilder<?> builder =
                switch (transport) {
                    case Transport.InProcess here -> InProcessServerBuilder.forName(here.name());
                    case Transport.Unix unix -> unix(unix.socket());
                    case Transport.Tls tls -> secured(tls);
                };
        endpoint.services().forEach(builder::addService);
        Server server = builder.executor(calls)
                .maxInboundMessageSize(Transport.MOST_MESSAGE_BYTES)
                .build()
                .start();
        if (transport instanceof Transport.Unix unix) {
            permit(unix.socket(), group);
        }
        return new WireServer(server, endpoint, calls);
    }

    private static NettyServerBuilder unix(Path socket) throws IOException {
        Files.createDirectories(socket.toAbsolutePath().getParent());
        Files.deleteIfExists(socket);
        return patient(NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .withChildOption(ChannelOption.SO_KEEPALIVE, null));
    }

    private static NettyServerBuilder secured(Transport.Tls tls) throws IOException {
        return patient(NettyServerBuilder.forAddress(new InetSocketAddress(tls.host(), tls.port()))
                .channelType(EpollServerSocketChannel.class)
                .sslContext(GrpcSslContexts.forServer(
                                Transport.pem(tls.directory(), "cert.pem"), Transport.pem(tls.directory(), "key.pem"))
                        .trustManager(Transport.pem(tls.directory(), "ca.pem"))
                        .clientAuth(ClientAuth.REQUIRE)
                        .build()));
    }

    /** Callers send a sign of life every ten seconds, also while no call is under way. */
    private static NettyServerBuilder patient(NettyServerBuilder builder) {
        return builder.bossEventLoopGroup(EventLoops.shared())
                .workerEventLoopGroup(EventLoops.shared())
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
    }

    private static void permit(Path socket, @Nullable String group) throws IOException {
        if (group != null) {
            PosixFileAttributeView view = Files.getFileAttributeView(socket, PosixFileAttributeView.class);
            view.setGroup(socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        }
        Files.setPosixFilePermissions(
                socket, PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
    }

    /** The TCP port that is listened on; -1 for a unix socket. */
    public int port() {
        return server.getPort();
    }

    public void await() throws InterruptedException {
        server.awaitTermination();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoint.close();
        calls.shutdownNow();
    }
}

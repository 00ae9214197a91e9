package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.installation.FreePort;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may talk to an agent over TCP, and to whom a controller talks: holders of good certificates of one authority. */
class CertificateTest {
    @TempDir
    private Path directory;

    private final int port = FreePort.find();
    private final FakeBehaviour behaviour = FakeBehaviour.instant();
    private WireServer server = serve(Wire.Trusted.AGENT);

    private WireServer serve(Path certificates) {
        try {
            return WireServer.start(
                    new Transport.Tls("127.0.0.1", port, certificates),
                    new FakeNode(behaviour, Clock.systemUTC()),
                    CallHook.NONE,
                    null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void call(ManagedChannel channel) {
        RemoteNode node = new RemoteNode(channel);
        try {
            node.probe().usage();
        } finally {
            node.close();
        }
    }

    private void call(Path certificates) {
        call(new Transport.Tls("127.0.0.1", port, certificates).connect());
    }

    private void refused(Path certificates) {
        assertThatThrownBy(() -> call(certificates)).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
            assertThat(e.message()).contains("certificates");
        });
    }

    @BeforeEach
    void aGoodCertificateIsAccepted() {
        call(Wire.Trusted.CONTROLLER);
        assertThat(behaviour.calls("NodeProbe.usage")).isEqualTo(1);
    }

    @AfterEach
    void nobodyElseGotThroughAndTheGoodOneStillDoes() {
        int before = behaviour.calls("NodeProbe.usage");
        call(Wire.Trusted.CONTROLLER);
        assertThat(before).isEqualTo(1);
        assertThat(behaviour.calls("NodeProbe.usage")).isEqualTo(2);
        server.close();
    }

    @Test
    void ciphersDoNotDependOnTheJvmsCompiler() {
        assertThat(OpenSsl.isAvailable())
                .as("with the JDK's own, an agent takes 26 MB/s: %s", OpenSsl.unavailabilityCause())
                .isTrue();
    }

    @Test
    void aCallerWithoutACertificateIsRefused() {
        assertThatThrownBy(() -> call(NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .sslContext(GrpcSslContexts.forClient()
                                .trustManager(Wire.Trusted.CONTROLLER
                                        .resolve("ca.pem")
                                        .toFile())
                                .build())
                        .build()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));
    }

    @Test
    void aCallerWithoutTlsIsRefused() {
        assertThatThrownBy(() -> call(NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build()))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() {
        refused(Certificates.authority(directory, "stranger").issue("controller"));
    }

    /** Its own authority is the stranger's, but it trusts the agent's: only the agent refuses. */
    @Test
    void theAgentItselfRefusesACertificateOfAnotherAuthority() throws IOException {
        Path stranger = Certificates.authority(directory, "stranger").issue("controller");
        Files.copy(
                Wire.Trusted.AGENT.resolve("ca.pem"), stranger.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        refused(stranger);
    }

    @Test
    void anExpiredCertificateIsRefused() {
        refused(Wire.Trusted.AUTHORITY.issue("expired", "IP:127.0.0.1", "clientAuth", -1));
    }

    /** So that whoever broke into one agent does not command the others. */
    @Test
    void anAgentsCertificateIsNoControllers() {
        refused(Wire.Trusted.AUTHORITY.issue("agent-only", "IP:127.0.0.1", "serverAuth", 2));
    }

    @Test
    void aControllerRefusesAnAgentOfAnotherNameOrWithAnExpiredCertificate() {
        server.close();
        server = serve(Wire.Trusted.AUTHORITY.issue("elsewhere", "IP:127.0.0.9", "serverAuth", 2));
        refused(Wire.Trusted.CONTROLLER);
        server.close();
        server = serve(Wire.Trusted.AUTHORITY.issue("old", "IP:127.0.0.1", "serverAuth", -1));
        refused(Wire.Trusted.CONTROLLER);
        server.close();
        server = serve(Wire.Trusted.AGENT);
    }

    @Test
    void missingFilesAreSaidToBeMissing() {
        assertThatThrownBy(() -> call(directory)).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.message()).contains("ca.pem");
        });
    }
}

package dev.berth.agent;

import dev.berth.driver.NodeDrivers;
import dev.berth.driver.StoreLayout;
import dev.berth.driver.fake.FakeBehaviour;
import dev.berth.driver.fake.FakeNode;
import dev.berth.driver.libvirt.Accelerator;
import dev.berth.driver.libvirt.AcceleratorProbe;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.HoldPoints;
import dev.berth.wire.CallHook;
import dev.berth.wire.Transport;
import dev.berth.wire.WireServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.cli.ParseException;

/** The agent's entry. Exit codes: 0 stopped, 1 could not start, 2 wrong command line. */
public final class AgentMain {
    private static final System.Logger LOG = System.getLogger(AgentMain.class.getName());

    /** How long an agent that was told to end may take, or one that was killed while it waited for a disk. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    private AgentMain() {}

    public static void main(String[] args) throws InterruptedException {
        String text = AgentCommand.text(List.of(args));
        if (text != null) {
            System.out.print(text);
            return;
        }
        AgentOptions options;
        try {
            options = AgentCommand.parse(args);
        } catch (ParseException e) {
            System.err.println(e.getMessage());
            System.err.print(AgentCommand.help());
            System.exit(2);
            return;
        }
        try {
            serve(options);
        } catch (BerthException | IOException e) {
            System.err.println("berth-agent: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void serve(AgentOptions options) throws IOException, InterruptedException {
        NodeDrivers drivers = drivers(options);
        Transport transport = Transport.parse(options.listen(), options.tls());
        Consumer<String> holdPoints = HoldPoints.fromEnvironment();
        CallHook hook = (method, place) -> holdPoints.accept(method + ":" + place);
        WireServer server = WireServer.start(transport, drivers, hook, options.socketGroup());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
        LOG.log(System.Logger.Level.INFO, "listening on " + options.listen());
        server.await();
    }

    private static NodeDrivers drivers(AgentOptions options) throws IOException {
        if (options.fake()) {
            return new FakeNode(new FakeBehaviour(Duration.ofMillis(20)), Clock.systemUTC());
        }
        StoreLayout layout = new StoreLayout(options.state().toAbsolutePath().normalize());
        for (Path directory : new Path[] {layout.state(), layout.images(), layout.uploads(), layout.instances()}) {
            Files.createDirectories(directory);
            // QEMU runs as another user and has to get through to its files; it cannot list what is here.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        }
        StateLock lock = StateLock.take(layout.state(), ENDING);
        Accelerator accelerator = new AcceleratorProbe().decide(AcceleratorProbe.Choice.parse(options.accelerator()));
        LOG.log(System.Logger.Level.INFO, "accelerator " + accelerator.kind() + ": " + accelerator.reason());
        LocalNode node = new LocalNode(layout, lock, accelerator, options, Clock.systemUTC());
        node.recover();
        return node;
    }

    static String version() {
        String version = AgentMain.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

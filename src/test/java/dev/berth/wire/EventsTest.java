package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Subscription;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Subscriptions of a node's driver end with those who asked for them, also with those who do not take what they asked for. */
@ParameterizedClass
@EnumSource
class EventsTest {
    private static final int MORE_THAN_MAY_WAIT = 200_000;
    private final Wire wire;

    @TempDir
    private Path directory;

    private final List<Told> subscriptions = new CopyOnWriteArrayList<>();
    private Wire.@Nullable Link link;
    private @Nullable RemoteNode remote;

    EventsTest(Wire wire) {
        this.wire = wire;
    }

    /** A subscription as the node has it. */
    private record Told(Consumer<DriverEvent> listener, AtomicBoolean ended) implements Subscription {
        @Override
        public void close() {
            ended.set(true);
        }
    }

    @BeforeEach
    void connect() {
        Wire.Link opened = wire.link(directory);
        opened.serve(new ScriptedNode(this::answer));
        link = opened;
        remote = new RemoteNode(opened.address().connect());
    }

    @AfterEach
    void disconnect() {
        Objects.requireNonNull(remote).close();
        Objects.requireNonNull(link).close();
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object answer(Method method, List<@Nullable Object> arguments) {
        assertThat(method.getName()).isEqualTo("events");
        Told told = new Told((Consumer<DriverEvent>) Objects.requireNonNull(arguments.getFirst()), new AtomicBoolean());
        subscriptions.add(told);
        return told;
    }

    private static DriverEvent event() {
        return new DriverEvent.Gone(new UUID(0, 1));
    }

    @Test
    void whoDoesNotTakeThemIsCutOffAndForgotten() throws Exception {
        ManagedChannel channel = Objects.requireNonNull(link).address().connect();
        WireMethod method =
                WireMethod.of(InstanceDriver.class, InstanceDriver.class.getMethod("events", Consumer.class));
        ClientCall<Frame, Frame> call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        call.sendMessage(WireJson.arguments(method.arguments(), List.of(InstanceKind.VM)));
        call.halfClose();
        Patience.until("it is subscribed", () -> !subscriptions.isEmpty());
        Told told = subscriptions.getFirst();
        for (int i = 0; i < MORE_THAN_MAY_WAIT && !told.ended().get(); i++) {
            told.listener().accept(event());
        }
        assertThat(told.ended()).isTrue();
        call.cancel("the end of the test", null);
        channel.shutdownNow();
    }

    @Test
    void aListenerThatFailsIsSubscribedAnewAndToldThatItMissedSome() throws Exception {
        List<DriverEvent> heard = new CopyOnWriteArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        try (Subscription subscription = Objects.requireNonNull(remote)
                .instances(InstanceKind.VM)
                .events(event -> {
                    if (!failed.getAndSet(true)) {
                        throw new IllegalStateException("of the test");
                    }
                    heard.add(event);
                })) {
            Patience.until("it is subscribed", () -> !subscriptions.isEmpty());
            subscriptions.getFirst().listener().accept(event());
            Patience.until("it is subscribed again", () -> subscriptions.size() == 2);
            Patience.until(
                    "the first is given up",
                    () -> subscriptions.getFirst().ended().get());
            Patience.until("it was told", () -> heard.stream().anyMatch(DriverEvent.Resync.class::isInstance));
        }
        Patience.until(
                "the second is given up", () -> subscriptions.get(1).ended().get());
    }
}

package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.DriverCapability;
import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.VolumeDriver;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A driver that hangs: every call has an end, and no other call has to wait. */
@ParameterizedClass
@EnumSource
class HangTest {
    private static final Specimen SPECIMEN = new Specimen(1);
    private final Wire wire;
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private Wire.@Nullable Link link;
    private @Nullable ManagedChannel channel;

    HangTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void connect() {
        Wire.Link opened = wire.link(directory);
        opened.serve(new ScriptedNode((method, arguments) -> {
            if (method.getName().equals("capabilities")) {
                return ScriptedNode.everything();
            }
            begun(label(method)).incrementAndGet();
            if (hanging.contains(label(method))) {
                awaitRelease();
            }
            return SPECIMEN.of(method.getGenericReturnType());
        }));
        link = opened;
        channel = opened.address().connect();
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        released.countDown();
        ManagedChannel opened = Objects.requireNonNull(channel);
        opened.shutdownNow();
        assertThat(opened.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        Objects.requireNonNull(link).close();
    }

    private AtomicInteger begun(String method) {
        return begun.computeIfAbsent(method, m -> new AtomicInteger());
    }

    private void awaitRelease() {
        try {
            assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String label(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static List<Method> calls() {
        return StreamSupport.stream(WireMethod.all().spliterator(), false)
                .filter(method ->
                        method.shape() == WireMethod.Shape.CALL || method.shape() == WireMethod.Shape.PROGRESS)
                .map(WireMethod::method)
                .filter(method -> !method.getName().equals("capabilities"))
                .toList();
    }

    /** A channel on which every deadline is this short, and a call without one is an error. */
    private Channel hurried(Duration deadline) {
        return ClientInterceptors.intercept(Objects.requireNonNull(channel), new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                assertThat(options.getDeadline())
                        .as("deadline of " + method.getFullMethodName())
                        .isNotNull();
                return next.newCall(
                        method,
                        method.getFullMethodName().endsWith("capabilities")
                                ? options
                                : options.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
            }
        });
    }

    private static Object call(Channel over, Method method) {
        Class<?> owner = method.getDeclaringClass();
        InstanceDriver driver = RemoteCalls.instanceDriver(over, InstanceKind.VM);
        Object target;
        if (owner == ImageDriver.class
                || owner == NetworkDriver.class
                || owner == VolumeDriver.class
                || owner == LayerStore.class
                || owner == NodeProbe.class) {
            target = RemoteCalls.proxy(over, owner);
        } else if (owner == InstanceDriver.class) {
            target = driver;
        } else {
            target = driver.require(owner.asSubclass(DriverCapability.class));
        }
        Object[] arguments = Arrays.stream(method.getGenericParameterTypes())
                .map(type -> type == ProgressSink.class ? ProgressSink.NONE : SPECIMEN.of(type))
                .toArray();
        try {
            return String.valueOf(method.invoke(target, arguments));
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getCause();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyCallEndsAtItsDeadline() {
        Channel hurried = hurried(Duration.ofMillis(200));
        for (Method method : calls()) {
            hanging.add(label(method));
            assertThatThrownBy(() -> call(hurried, method)).isInstanceOfSatisfying(BerthException.class, e -> {
                assertThat(e.code()).as(label(method)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
                assertThat(e.message()).contains(label(method));
            });
        }
    }

    @Test
    void aMethodThatHangsInAllItsThreadsHoldsUpNoOther() throws InterruptedException {
        Channel plain = Objects.requireNonNull(channel);
        List<Thread> stuck = new ArrayList<>();
        for (String name : List.of("observe", "facts", "start")) {
            Method method = calls().stream()
                    .filter(m -> m.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            hanging.add(label(method));
            for (int i = 0; i < 40; i++) {
                stuck.add(Thread.ofVirtual().start(() -> call(plain, method)));
            }
        }
        Channel hurried = hurried(Duration.ofSeconds(20));
        for (Method method : calls()) {
            if (!hanging.contains(label(method))) {
                assertThat(call(hurried, method)).as(label(method)).isNotNull();
            }
        }
        released.countDown();
        for (Thread thread : stuck) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(begun("InstanceDriver.start").get()).isEqualTo(40);
    }

    @Test
    void aCallThatWasGivenUpWhileItWaitedIsNeverMade() throws InterruptedException {
        Method start = calls().stream()
                .filter(method -> method.getName().equals("start"))
                .findFirst()
                .orElseThrow();
        hanging.add(label(start));
        Channel plain = Objects.requireNonNull(channel);
        List<Thread> stuck = new ArrayList<>();
        for (int i = 0; i < Lanes.WORKING; i++) {
            stuck.add(Thread.ofVirtual().start(() -> call(plain, start)));
        }
        Patience.until("all threads hang", () -> begun(label(start)).get() == Lanes.WORKING);
        Channel hurried = hurried(Duration.ofMillis(200));
        assertThatThrownBy(() -> call(hurried, start)).isInstanceOf(BerthException.class);
        Thread.sleep(500); // the caller knows that it gave up; the other side hears of it a little later
        hanging.clear();
        released.countDown();
        for (Thread thread : stuck) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        // One more call goes through the same queue, so the one that was given up has had its turn.
        call(plain, start);
        assertThat(begun(label(start)).get()).isEqualTo(Lanes.WORKING + 1);
    }
}

package dev.berth.wire;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.ProgressSink;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calling side: proxies of SPI interfaces whose methods go over a channel. */
final class RemoteCalls implements InvocationHandler {
    private final Channel channel;
    private final @Nullable InstanceKind kind;
    private final Map<Class<?>, Object> capabilities = new ConcurrentHashMap<>();
    private volatile @Nullable Declared declared;

    /** What a node declared, and when. A call to what it has no more says UNSUPPORTED by itself. */
    private record Declared(Capabilities capabilities, long at) {
        private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(10);

        boolean holds(Capability wanted) {
            return capabilities.has(wanted) && System.nanoTime() - at < VALID_NANOS;
        }
    }

    private RemoteCalls(Channel channel, @Nullable InstanceKind kind) {
        this.channel = channel;
        this.kind = kind;
    }

    static <T> T proxy(Channel channel, Class<T> type) {
        return make(type, new RemoteCalls(channel, null));
    }

    static InstanceDriver instanceDriver(Channel channel, InstanceKind kind) {
        return make(InstanceDriver.class, new RemoteCalls(channel, kind));
    }

    private static <T> T make(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "remote " + channel.authority();
            };
        }
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return switch (method.getName()) {
            case "close" -> null;
            case "capability" -> capability((InstanceDriver) proxy, (Class<?>) Objects.requireNonNull(arguments)[0]);
            default -> call(WireMethod.of(method.getDeclaringClass(), method), arguments);
        };
    }

    /** What the node declares; asked again a while later, because an agent may come back with another set. */
    private Optional<?> capability(InstanceDriver driver, @Nullable Class<?> type) {
        Class<? extends DriverCapability> wanted = Objects.requireNonNull(type).asSubclass(DriverCapability.class);
        Declared known = declared;
        if (known == null || !known.holds(Capability.of(wanted))) {
            known = new Declared(driver.capabilities(), System.nanoTime());
            declared = known;
        }
        if (!known.capabilities().has(Capability.of(wanted))) {
            return Optional.empty();
        }
        return Optional.of(capabilities.computeIfAbsent(wanted, t -> make(wanted, this)));
    }

    private @Nullable Object call(WireMethod method, @Nullable Object @Nullable [] given) {
        List<@Nullable Object> arguments = new ArrayList<>();
        if (method.ofInstances()) {
            arguments.add(kind);
        }
        if (given != null) {
            arguments.addAll(Arrays.asList(given));
        }
        Object last = method.shape() == WireMethod.Shape.CALL ? null : arguments.removeLast();
        Frame request = WireJson.arguments(method.arguments(), arguments);
        return switch (method.shape()) {
            case CALL -> unary(method, request);
            case PROGRESS ->
                new ProgressCall(method, (ProgressSink) Objects.requireNonNull(last))
                        .run(channel, options(method), request);
            case EVENTS -> RemoteEvents.follow(channel, method, request, listener(last));
            case FOLLOW -> RemoteFollow.follow(channel, method, request, listener(last));
            case CONSOLE -> RemoteConsole.open(channel, method, request, (ConsoleOutput) Objects.requireNonNull(last));
        };
    }

    @SuppressWarnings("unchecked")
    private static <T> Consumer<T> listener(@Nullable Object last) {
        return (Consumer<T>) Objects.requireNonNull(last);
    }

    private @Nullable Object unary(WireMethod method, Frame request) {
        try {
            Frame result = ClientCalls.blockingUnaryCall(channel, method.descriptor(), options(method), request);
            return WireJson.value(result, method.method().getGenericReturnType());
        } catch (StatusRuntimeException e) {
            throw WireErrors.exception(e, method.label());
        }
    }

    private static CallOptions options(WireMethod method) {
        return method.deadline().isZero()
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withDeadlineAfter(method.deadline().toSeconds(), TimeUnit.SECONDS);
    }
}

package dev.berth.wire;

import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.Deadline;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.VolumeDriver;
import io.grpc.MethodDescriptor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A method of the SPI as a method of the wire.
 *
 * @param arguments types of what is sent; for instance drivers the kind of instance comes first
 * @param deadline zero for none
 */
record WireMethod(
        Method method,
        Shape shape,
        boolean ofInstances,
        List<Type> arguments,
        Duration deadline,
        MethodDescriptor<Frame, Frame> descriptor) {
    /** How messages flow. */
    enum Shape {
        /** Arguments, result. */
        CALL,
        /** Arguments, any number of progress messages, result; the caller may ask for an end. */
        PROGRESS,
        /** Arguments, then events for as long as the caller wants, over all connections that it takes. */
        EVENTS,
        /** Arguments, then items until either side ends or the connection does. */
        FOLLOW,
        /** Arguments, then bytes in both directions until either side ends. */
        CONSOLE
    }

    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Set<String> LOCAL = Set.of("capability", "require", "close");
    private static final FrameMarshaller MARSHALLER = new FrameMarshaller();
    private static final Map<Method, WireMethod> ALL = interfaces().stream()
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> !LOCAL.contains(method.getName()) && Modifier.isAbstract(method.getModifiers()))
            .map(WireMethod::of)
            .collect(Collectors.toUnmodifiableMap(WireMethod::method, Function.identity()));

    static Iterable<WireMethod> all() {
        return ALL.values();
    }

    static WireMethod of(Class<?> type, Method method) {
        WireMethod known = ALL.get(method);
        if (known == null) {
            throw new IllegalArgumentException(type + " has no wire method " + method);
        }
        return known;
    }

    /** The name that crash hooks and logs use: {@code InstanceDriver.start}. */
    String label() {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    private static List<Class<?>> interfaces() {
        List<Class<?>> types = new ArrayList<>(List.of(
                InstanceDriver.class,
                ImageDriver.class,
                NetworkDriver.class,
                VolumeDriver.class,
                LayerStore.class,
                NodeProbe.class));
        Arrays.stream(Capability.values()).map(Capability::type).forEach(types::add);
        return types;
    }

    private static WireMethod of(Method method) {
        Class<?> owner = method.getDeclaringClass();
        boolean ofInstances = owner == InstanceDriver.class || DriverCapability.class.isAssignableFrom(owner);
        Type[] types = method.getGenericParameterTypes();
        Class<?>[] raw = method.getParameterTypes();
        Shape shape = raw.length == 0 ? Shape.CALL : shape(raw[raw.length - 1], types[types.length - 1]);
        List<Type> arguments = new ArrayList<>();
        if (ofInstances) {
            arguments.add(InstanceKind.class);
        }
        arguments.addAll(Arrays.asList(types).subList(0, shape == Shape.CALL ? types.length : types.length - 1));
        Deadline annotated = method.getAnnotation(Deadline.class);
        return new WireMethod(
                method,
                shape,
                ofInstances,
                List.copyOf(arguments),
                annotated == null ? USUAL : Duration.ofSeconds(annotated.seconds()),
                descriptor(owner.getSimpleName(), method.getName(), shape));
    }

    /** What events and items are. */
    Type event() {
        Type[] types = method.getGenericParameterTypes();
        return ((ParameterizedType) types[types.length - 1]).getActualTypeArguments()[0];
    }

    private static Shape shape(Class<?> last, Type generic) {
        if (generic instanceof ParameterizedType consumer && last == Consumer.class) {
            return consumer.getActualTypeArguments()[0] == DriverEvent.class ? Shape.EVENTS : Shape.FOLLOW;
        }
        if (last == ProgressSink.class) {
            return Shape.PROGRESS;
        }
        return last == ConsoleOutput.class ? Shape.CONSOLE : Shape.CALL;
    }

    private static MethodDescriptor<Frame, Frame> descriptor(String owner, String name, Shape shape) {
        return MethodDescriptor.<Frame, Frame>newBuilder()
                .setType(
                        switch (shape) {
                            case CALL -> MethodDescriptor.MethodType.UNARY;
                            case EVENTS, FOLLOW -> MethodDescriptor.MethodType.SERVER_STREAMING;
                            case PROGRESS, CONSOLE -> MethodDescriptor.MethodType.BIDI_STREAMING;
                        })
                .setFullMethodName(MethodDescriptor.generateFullMethodName("berth." + owner, name))
                .setRequestMarshaller(MARSHALLER)
                .setResponseMarshaller(MARSHALLER)
                .build();
    }
}

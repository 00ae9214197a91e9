package dev.berth.wire;

import dev.berth.driver.Capabilities;
import dev.berth.driver.Capability;
import dev.berth.driver.ConsoleKind;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.ImageDriver;
import dev.berth.driver.InstanceDriver;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.LayerStore;
import dev.berth.driver.NetworkDriver;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.NodeProbe;
import dev.berth.driver.VolumeDriver;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node whose every method, of whichever interface, is answered by one function that a test gives. */
final class ScriptedNode implements NodeDrivers {
    private final Answer answer;

    ScriptedNode(Answer answer) {
        this.answer = answer;
    }

    /** What the node does in each of its methods. */
    @FunctionalInterface
    interface Answer {
        @Nullable
        Object to(Method method, List<@Nullable Object> arguments);
    }

    /** Declares everything, so that every capability can be called. */
    static Capabilities everything() {
        return new Capabilities(
                Set.of(InstanceKind.VM), EnumSet.allOf(Capability.class), EnumSet.allOf(ConsoleKind.class), true);
    }

    private <T> T proxy(Class<T> type) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            List<@Nullable Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
            return switch (method.getName()) {
                case "capability" -> Optional.of(proxy(capability(given)));
                case "close" -> null;
                default ->
                    method.isDefault()
                            ? InvocationHandler.invokeDefault(proxy, method, arguments)
                            : answer.to(method, given);
            };
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Class<? extends DriverCapability> capability(List<@Nullable Object> arguments) {
        return ((Class<?>) java.util.Objects.requireNonNull(arguments.getFirst())).asSubclass(DriverCapability.class);
    }

    @Override
    public InstanceDriver instances(InstanceKind kind) {
        return proxy(InstanceDriver.class);
    }

    @Override
    public ImageDriver images() {
        return proxy(ImageDriver.class);
    }

    @Override
    public NetworkDriver networks() {
        return proxy(NetworkDriver.class);
    }

    @Override
    public VolumeDriver volumes() {
        return proxy(VolumeDriver.class);
    }

    @Override
    public LayerStore layers() {
        return proxy(LayerStore.class);
    }

    @Override
    public NodeProbe probe() {
        return proxy(NodeProbe.class);
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}

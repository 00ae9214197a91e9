package dev.berth.wire;

import dev.berth.driver.InstanceKind;
import dev.berth.driver.NodeDrivers;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Serves a node's drivers. Calls run on bounded lanes of platform threads; see {@link Lanes}. */
public final class DriverEndpoint implements AutoCloseable {
    private final NodeDrivers drivers;
    private final CallHook hook;
    private final Lanes lanes = new Lanes();

    public DriverEndpoint(NodeDrivers drivers, CallHook hook) {
        this.drivers = drivers;
        this.hook = hook;
    }

    /** One gRPC service for each interface of the SPI. */
    public List<BindableService> services() {
        Map<String, List<WireMethod>> byService = new TreeMap<>();
        for (WireMethod method : WireMethod.all()) {
            byService
                    .computeIfAbsent(method.descriptor().getServiceName(), name -> new ArrayList<>())
                    .add(method);
        }
        List<BindableService> services = new ArrayList<>();
        byService.forEach((name, methods) -> services.add(() -> service(name, methods)));
        return services;
    }

    private ServerServiceDefinition service(String name, List<WireMethod> methods) {
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(name);
        methods.forEach(method -> descriptor.addMethod(method.descriptor()));
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
        for (WireMethod method : methods) {
            switch (method.shape()) {
                case CALL ->
                    service.addMethod(
                            method.descriptor(),
                            ServerCalls.asyncUnaryCall((request, out) -> call(method, request, out)));
                case PROGRESS ->
                    service.addMethod(
                            method.descriptor(), ServerCalls.asyncBidiStreamingCall(out -> progress(method, out)));
                case EVENTS ->
                    service.addMethod(
                            method.descriptor(),
                            ServerCalls.asyncServerStreamingCall(
                                    (request, out) -> ServedEvents.serve(method, this, request, observer(out))));
                case FOLLOW ->
                    service.addMethod(
                            method.descriptor(),
                            ServerCalls.asyncServerStreamingCall(
                                    (request, out) -> ServedFollow.serve(method, this, request, observer(out), lanes)));
                case CONSOLE ->
                    service.addMethod(
                            method.descriptor(),
                            ServerCalls.asyncBidiStreamingCall(
                                    out -> new ServedConsole(method, this, observer(out), lanes)));
            }
        }
        return service.build();
    }

    static ServerCallStreamObserver<Frame> observer(StreamObserver<Frame> out) {
        return (ServerCallStreamObserver<Frame>) out;
    }

    private void call(WireMethod method, Frame request, StreamObserver<Frame> out) {
        // With a handler set, an answer that nobody waits for any longer is dropped instead of being a failure.
        observer(out).setOnCancelHandler(() -> {});
        submit(method, out, () -> {
            Object result = invoke(method, request, null);
            out.onNext(WireJson.frame(Frame.Kind.RESULT, method.method().getGenericReturnType(), result));
            out.onCompleted();
        });
    }

    private StreamObserver<Frame> progress(WireMethod method, StreamObserver<Frame> out) {
        AtomicBoolean cancelled = new AtomicBoolean();
        ServerCallStreamObserver<Frame> observer = observer(out);
        observer.setOnCancelHandler(() -> cancelled.set(true));
        ProgressSink sink = progress -> {
            hook.reached(method.label(), progress.stage());
            if (cancelled.get()) {
                throw BerthException.of(ErrorCode.CANCELLED, "The caller ended the call.");
            }
            if (observer.isReady()) {
                observer.onNext(WireJson.frame(Frame.Kind.PROGRESS, Progress.class, progress));
            }
        };
        return new StreamObserver<>() {
            @Override
            public void onNext(Frame frame) {
                switch (frame.kind()) {
                    case ARGUMENTS ->
                        submit(method, out, () -> {
                            Object result = invoke(method, frame, sink);
                            out.onNext(WireJson.frame(
                                    Frame.Kind.RESULT, method.method().getGenericReturnType(), result));
                            out.onCompleted();
                        });
                    case CANCEL -> cancelled.set(true);
                    case PROGRESS, RESULT, EVENT, DATA, RESIZE, CLOSED -> {
                        // Nothing that a caller of this shape sends.
                    }
                }
            }

            @Override
            public void onError(Throwable failure) {
                cancelled.set(true);
            }

            @Override
            public void onCompleted() {
                // The answer is still to come.
            }
        };
    }

    private void submit(WireMethod method, StreamObserver<Frame> out, Runnable work) {
        try {
            lanes.of(method).execute(() -> {
                if (observer(out).isCancelled()) {
                    // Whoever asked gave up while the call waited for its turn; nothing shall happen behind his back.
                    return;
                }
                try {
                    work.run();
                } catch (RuntimeException e) {
                    fail(out, e, method);
                }
            });
        } catch (RejectedExecutionException e) {
            fail(out, busy(), method);
        }
    }

    static BerthException busy() {
        return BerthException.of(ErrorCode.NODE_UNAVAILABLE, "The node is busy with other calls; try again.");
    }

    static void fail(StreamObserver<Frame> out, Throwable failure, WireMethod method) {
        try {
            out.onError(WireErrors.status(failure, method.label()));
        } catch (IllegalStateException e) {
            // The caller has gone; nobody is left to be told.
        }
    }

    /** Runs the method on the driver that the arguments name. */
    @Nullable
    Object invoke(WireMethod method, Frame request, @Nullable Object last) {
        List<@Nullable Object> arguments = new ArrayList<>(WireJson.arguments(request, method.arguments()));
        Object target = target(method, arguments);
        if (method.shape() != WireMethod.Shape.CALL) {
            arguments.add(last);
        }
        hook.reached(method.label(), "before");
        try {
            Object result = method.method().invoke(target, arguments.toArray());
            hook.reached(method.label(), "after");
            return result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object target(WireMethod method, List<@Nullable Object> arguments) {
        Class<?> owner = method.method().getDeclaringClass();
        if (method.ofInstances()) {
            InstanceKind kind = (InstanceKind) java.util.Objects.requireNonNull(arguments.removeFirst());
            return capability(owner, kind);
        }
        return switch (owner.getSimpleName()) {
            case "ImageDriver" -> drivers.images();
            case "NetworkDriver" -> drivers.networks();
            case "VolumeDriver" -> drivers.volumes();
            case "LayerStore" -> drivers.layers();
            default -> drivers.probe();
        };
    }

    private Object capability(Class<?> owner, InstanceKind kind) {
        if (owner == dev.berth.driver.InstanceDriver.class) {
            return drivers.instances(kind);
        }
        return drivers.instances(kind).require(owner.asSubclass(dev.berth.driver.DriverCapability.class));
    }

    @Override
    public void close() {
        lanes.close();
    }
}

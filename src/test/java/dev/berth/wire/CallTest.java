package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.Capability;
import dev.berth.driver.DriverCapability;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls, results, failures and progress pass each kind of wire unchanged, for every method of the SPI. */
@ParameterizedClass
@EnumSource
class CallTest {
    private final Wire wire;
    private volatile ScriptedNode.Answer script = (method, arguments) -> null;

    @TempDir
    private Path directory;

    private Wire.@Nullable Link link;
    private @Nullable RemoteNode remote;

    CallTest(Wire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void connect() {
        Wire.Link opened = wire.link(directory);
        opened.serve(new ScriptedNode((method, arguments) ->
                method.getName().equals("capabilities") ? ScriptedNode.everything() : script.to(method, arguments)));
        link = opened;
        remote = new RemoteNode(opened.address().connect());
    }

    @AfterEach
    void disconnect() {
        node().close();
        Objects.requireNonNull(link).close();
    }

    private RemoteNode node() {
        return Objects.requireNonNull(remote);
    }

    private Object target(Class<?> owner) {
        return switch (owner.getSimpleName()) {
            case "ImageDriver" -> node().images();
            case "NetworkDriver" -> node().networks();
            case "VolumeDriver" -> node().volumes();
            case "LayerStore" -> node().layers();
            case "NodeProbe" -> node().probe();
            case "InstanceDriver" -> node().instances(InstanceKind.VM);
            default -> node().instances(InstanceKind.VM).require(owner.asSubclass(DriverCapability.class));
        };
    }

    private static List<Method> methods(WireMethod.Shape shape) {
        return StreamSupport.stream(WireMethod.all().spliterator(), false)
                .filter(method -> method.shape() == shape)
                .map(WireMethod::method)
                .filter(method -> !method.getName().equals("capabilities"))
                .toList();
    }

    /** Calls a method with specimens; a sink comes last where the method wants one. */
    private @Nullable Object call(Method method, List<@Nullable Object> arguments) {
        try {
            return method.invoke(target(method.getDeclaringClass()), arguments.toArray());
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getCause();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static List<@Nullable Object> arguments(Method method, Specimen specimen, ProgressSink sink) {
        List<@Nullable Object> arguments = new ArrayList<>();
        Arrays.stream(method.getGenericParameterTypes())
                .map(type -> type == ProgressSink.class ? sink : specimen.of(type))
                .forEach(arguments::add);
        return arguments;
    }

    @Test
    void everyMethodOfTheSpiGoesOverTheWire() {
        assertThat(StreamSupport.stream(WireMethod.all().spliterator(), false))
                .extracting(WireMethod::label)
                .hasSizeGreaterThanOrEqualTo(40)
                .contains("InstanceDriver.start", "ImageDriver.importImage", "NetworkDriver.reserve", "NodeProbe.facts")
                .containsAll(Arrays.stream(Capability.values())
                        .map(Capability::type)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
                        .toList());
    }

    @Test
    void everyCallCarriesItsArgumentsAndItsResult() {
        List<Method> methods = new ArrayList<>(methods(WireMethod.Shape.CALL));
        methods.addAll(methods(WireMethod.Shape.PROGRESS));
        for (Method method : methods) {
            for (int variant = 0; variant < Specimen.VARIANTS; variant++) {
                carries(method, new Specimen(variant));
            }
        }
    }

    private void carries(Method method, Specimen specimen) {
        Object result = specimen.of(method.getGenericReturnType());
        List<Object> arrived = new CopyOnWriteArrayList<>();
        script = (called, arguments) -> {
            if (called.equals(method)) {
                arrived.add(arguments);
                return result;
            }
            return null;
        };
        List<@Nullable Object> sent = arguments(method, specimen, ProgressSink.NONE);
        Object answer = call(method, sent);
        String what = method + " " + specimen;
        assertThat(answer).as("result of " + what).usingRecursiveComparison().isEqualTo(result);
        assertThat(arrived).as("calls of " + what).hasSize(1);
        int data = methods(WireMethod.Shape.PROGRESS).contains(method) ? sent.size() - 1 : sent.size();
        assertThat(((List<?>) arrived.getFirst()).subList(0, data))
                .as("arguments of " + what)
                .usingRecursiveComparison()
                .isEqualTo(sent.subList(0, data));
    }

    @Test
    void everyFailureKeepsCodeSentenceAndDetails() {
        for (ErrorCode code : ErrorCode.values()) {
            script = (method, arguments) -> {
                throw BerthException.of(code, "Täxt \"" + code + "\"\nof it")
                        .with("offset", 12)
                        .with("name", "<b>")
                        .with("really", true);
            };
            assertThatThrownBy(() -> node().probe().facts()).isInstanceOfSatisfying(BerthException.class, e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.message()).isEqualTo("Täxt \"" + code + "\"\nof it");
                assertThat(e.details())
                        .containsEntry("offset", 12)
                        .containsEntry("name", "<b>")
                        .containsEntry("really", true);
            });
        }
    }

    @Test
    void aVeryLongFailureKeepsItsCode() {
        script = (method, arguments) -> {
            throw BerthException.of(ErrorCode.IMAGE_REFUSED, "x".repeat(200_000))
                    .with("all", "y".repeat(200_000));
        };
        fails(ErrorCode.IMAGE_REFUSED, "xxx");
    }

    @Test
    void anUnforeseenFailureTellsNothingOfTheInside() {
        script = (method, arguments) -> {
            throw new IllegalStateException("secret of the agent");
        };
        fails(ErrorCode.DRIVER_FAILED, "NodeProbe.facts");
        assertThatThrownBy(() -> node().probe().facts()).hasMessageNotContaining("secret");
    }

    private void fails(ErrorCode code, String sentence) {
        assertThatThrownBy(() -> node().probe().facts()).isInstanceOfSatisfying(BerthException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.message()).contains(sentence);
        });
    }

    @Test
    void progressOfEveryLongMethodArrives() {
        List<Progress> sent = List.of(
                Progress.stage("begin"),
                Progress.bytes("copying", 1L << 40, 1L << 41),
                new Progress("end", 99, null, 7L));
        for (Method method : methods(WireMethod.Shape.PROGRESS)) {
            Specimen specimen = new Specimen(1);
            script = (called, arguments) -> {
                if (called.equals(method)) {
                    ProgressSink sink = (ProgressSink) Objects.requireNonNull(arguments.getLast());
                    sent.forEach(sink::report);
                }
                return specimen.of(called.getGenericReturnType());
            };
            List<Progress> arrived = new CopyOnWriteArrayList<>();
            call(method, arguments(method, specimen, arrived::add));
            assertThat(arrived).as(method.toString()).isEqualTo(sent);
        }
    }

    @Test
    void aCallerWhoHasEnoughEndsTheWorkAndWaitsUntilItHasEnded() {
        for (Method method : methods(WireMethod.Shape.PROGRESS)) {
            AtomicReference<String> end = new AtomicReference<>("never called");
            script = (called, arguments) -> {
                if (called.equals(method)) {
                    end.set(endless((ProgressSink) Objects.requireNonNull(arguments.getLast())));
                    throw BerthException.of(ErrorCode.CANCELLED, "ended");
                }
                return null;
            };
            assertThatThrownBy(() -> call(method, arguments(method, new Specimen(1), progress -> {
                        throw BerthException.of(ErrorCode.CANCELLED, "enough");
                    })))
                    .hasMessage("enough");
            assertThat(end.get()).as(method.toString()).isEqualTo("CANCELLED");
        }
    }

    /** Work that ends only when its sink says so. */
    private static String endless(ProgressSink sink) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < end) {
            try {
                sink.report(Progress.stage("working"));
                Thread.sleep(1);
            } catch (BerthException e) {
                return e.code().name();
            } catch (InterruptedException e) {
                return "interrupted";
            }
        }
        return "not told in 20 s";
    }

    @Test
    void whatIsTooLargeIsRefusedByNameAndHarmsNoOtherCall() {
        byte[] large = new byte[Transport.MOST_MESSAGE_BYTES];
        assertThatThrownBy(() -> node().images().appendUpload(Uuids.next(), 0, large))
                .isInstanceOfSatisfying(BerthException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE);
                    assertThat(e.details()).containsKeys("bytes", "limit");
                });
        script = (method, arguments) -> large;
        assertThatThrownBy(() -> node().instances(InstanceKind.VM)
                        .require(dev.berth.driver.Logs.class)
                        .tailLog(Uuids.next(), 1))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        byte[] allowed = new byte[4 << 20];
        script = (method, arguments) -> (long) ((byte[]) Objects.requireNonNull(arguments.get(2))).length;
        assertThat(node().images().appendUpload(Uuids.next(), 0, allowed)).isEqualTo(allowed.length);
    }
}

package dev.berth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ConsoleKind;
import dev.berth.driver.ConsoleOutput;
import dev.berth.driver.ConsoleStream;
import dev.berth.driver.Consoles;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Uuids;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Consoles, uploads and downloads: all bytes in order, the slow side holds the fast side back, either side may end it. */
@ParameterizedClass
@EnumSource
class StreamTest {
    /** What may lie in buffers on the way while a reader sleeps. */
    private static final long MOST_IN_BUFFERS = 16 << 20;

    private final Wire wire;
    private volatile ScriptedNode.Answer script = (method, arguments) -> null;

    @TempDir
    private Path directory;

    private Wire.@Nullable Link link;
    private @Nullable RemoteNode remote;

    StreamTest(Wire wire) {
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

    private ConsoleStream open(ConsoleOutput output) {
        return node().instances(InstanceKind.VM)
                .require(Consoles.class)
                .openConsole(Uuids.next(), ConsoleKind.SERIAL, output);
    }

    /** The node's side of a console: what it is told, and the way back. */
    private static final class Guest implements ConsoleStream {
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        final List<String> sizes = new CopyOnWriteArrayList<>();
        final CountDownLatch closed = new CountDownLatch(1);
        final Semaphore reading = new Semaphore(Integer.MAX_VALUE);
        final ConsoleOutput output;

        Guest(Object output) {
            this.output = (ConsoleOutput) output;
        }

        @Override
        public void write(byte[] data) {
            try {
                while (closed.getCount() > 0 && !reading.tryAcquire(data.length, 50, TimeUnit.MILLISECONDS)) {
                    Thread.onSpinWait();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            synchronized (heard) {
                heard.writeBytes(data);
            }
        }

        byte[] all() {
            synchronized (heard) {
                return heard.toByteArray();
            }
        }

        @Override
        public void resize(int columns, int rows) {
            sizes.add(columns + "x" + rows);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** The caller's side of a console. */
    private static final class Screen implements ConsoleOutput {
        final ByteArrayOutputStream shown = new ByteArrayOutputStream();
        final List<String> ends = new CopyOnWriteArrayList<>();
        final CountDownLatch reading;

        Screen(int waiting) {
            this.reading = new CountDownLatch(waiting);
        }

        @Override
        public void data(byte[] data) {
            try {
                assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            synchronized (shown) {
                shown.writeBytes(data);
            }
        }

        byte[] all() {
            synchronized (shown) {
                return shown.toByteArray();
            }
        }

        @Override
        public void closed(@Nullable String reason) {
            ends.add(String.valueOf(reason));
        }
    }

    /** The guest of the console that is opened next. */
    private CompletableFuture<Guest> guest() {
        CompletableFuture<Guest> guest = new CompletableFuture<>();
        script = (method, arguments) -> {
            Guest made = new Guest(Objects.requireNonNull(arguments.getLast()));
            guest.complete(made);
            return made;
        };
        return guest;
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aConsoleCarriesAllBytesBothWaysInOrder() throws InterruptedException {
        CompletableFuture<Guest> guest = guest();
        Screen screen = new Screen(0);
        byte[] said = noise(3_000_000);
        byte[] typed = noise(1_000_000);
        try (ConsoleStream console = open(screen)) {
            console.resize(120, 40);
            Thread speaker = Thread.ofVirtual().start(() -> {
                for (int at = 0; at < said.length; at += 10_000) {
                    guest.join().output.data(Arrays.copyOfRange(said, at, at + 10_000));
                }
            });
            for (int at = 0; at < typed.length; at += 1000) {
                console.write(Arrays.copyOfRange(typed, at, at + 1000));
            }
            Patience.until("all was heard", () -> guest.join().all().length == typed.length);
            assertThat(speaker.join(Duration.ofSeconds(30))).isTrue();
            Patience.until("all was shown", () -> screen.all().length == said.length);
        }
        assertThat(guest.join().all()).isEqualTo(typed);
        assertThat(screen.all()).isEqualTo(said);
        assertThat(guest.join().sizes).containsExactly("120x40");
        assertThat(guest.join().closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(screen.ends).containsExactly("null");
    }

    @Test
    void aReaderWhoSleepsHoldsTheGuestBack() throws InterruptedException {
        CompletableFuture<Guest> guest = guest();
        Screen screen = new Screen(1);
        AtomicLong said = new AtomicLong();
        byte[] piece = noise(64 << 10);
        ConsoleStream console = open(screen);
        Thread speaker = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 1000; i++) {
                guest.join().output.data(piece);
                said.addAndGet(piece.length);
            }
        });
        Patience.until("the guest has begun to speak", () -> said.get() > 0);
        long before;
        do {
            before = said.get();
            Thread.sleep(500);
        } while (said.get() != before);
        assertThat(before).isLessThan(MOST_IN_BUFFERS);
        screen.reading.countDown();
        assertThat(speaker.join(Duration.ofSeconds(60))).isTrue();
        Patience.until("all was shown", () -> screen.all().length == 1000 * piece.length);
        console.close();
    }

    @Test
    void aGuestThatTakesNoInputHoldsTheCallerBackWhoCanStillHangUp() throws InterruptedException {
        CompletableFuture<Guest> guest = guest();
        ConsoleStream console = open(new Screen(0));
        guest.join().reading.drainPermits();
        AtomicLong typed = new AtomicLong();
        byte[] piece = noise(64 << 10);
        Thread typist = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 1000; i++) {
                console.write(piece);
                typed.addAndGet(piece.length);
            }
        });
        long before;
        do {
            before = typed.get();
            Thread.sleep(500);
        } while (typed.get() != before);
        assertThat(before).isLessThan(MOST_IN_BUFFERS);
        console.close();
        assertThat(guest.join().closed.await(20, TimeUnit.SECONDS))
                .as("the node was told that the caller hung up")
                .isTrue();
        assertThat(typist.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void theGuestsEndIsToldWithItsReason() throws InterruptedException {
        CompletableFuture<Guest> guest = guest();
        Screen screen = new Screen(0);
        open(screen);
        guest.join().output.data("bye".getBytes(StandardCharsets.UTF_8));
        guest.join().output.closed("the guest was stopped");
        Patience.until("the end was told", () -> !screen.ends.isEmpty());
        assertThat(screen.ends).containsExactly("the guest was stopped");
        assertThat(new String(screen.all(), StandardCharsets.UTF_8)).isEqualTo("bye");
    }

    @Test
    void anAgentThatEndsEndsItsConsoles() throws InterruptedException {
        CompletableFuture<Guest> guest = guest();
        Screen screen = new Screen(0);
        ConsoleStream console = open(screen);
        Objects.requireNonNull(link).close();
        Patience.until("the end was told", () -> !screen.ends.isEmpty());
        assertThat(screen.ends.getFirst()).contains("agent does not answer");
        assertThat(guest.join().closed.await(20, TimeUnit.SECONDS)).isTrue();
        console.write(new byte[] {1});
        console.close();
        assertThat(screen.ends).hasSize(1);
    }

    @Test
    void aConsoleThatCannotBeOpenedFailsAsTheDriverDoes() {
        script = (method, arguments) -> {
            throw BerthException.of(ErrorCode.WRONG_STATE, "It does not run.");
        };
        Screen screen = new Screen(0);
        assertThatThrownBy(() -> open(screen)).isInstanceOfSatisfying(BerthException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.WRONG_STATE));
        assertThat(screen.ends).isEmpty();
    }

    @Test
    void anUploadGoesOnWhereItBrokeOffAndADownloadBringsTheSameBytes() {
        byte[] content = noise(11_000_000);
        ByteArrayOutputStream store = new ByteArrayOutputStream();
        script = (method, arguments) -> switch (method.getName()) {
            case "appendUpload" -> append(store, (Long) notNull(arguments.get(1)), (byte[]) notNull(arguments.get(2)));
            case "uploadSize" -> (long) store.size();
            case "readImage" -> piece(store, (Long) notNull(arguments.get(1)), (Integer) notNull(arguments.get(2)));
            default -> null;
        };
        UUID upload = Uuids.next();
        node().images().appendUpload(upload, 0, Arrays.copyOfRange(content, 0, 4 << 20));
        assertThatThrownBy(() -> node().images().appendUpload(upload, 0, new byte[] {1}))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.details()).containsEntry("offset", 4 << 20));
        long at = node().images().uploadSize(upload);
        while (at < content.length) {
            int end = (int) Math.min(content.length, at + (4 << 20));
            at = node().images().appendUpload(upload, at, Arrays.copyOfRange(content, (int) at, end));
        }
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        StoredImage.Chunk chunk;
        do {
            chunk = node().images().readImage(upload, back.size(), 4 << 20);
            back.writeBytes(chunk.data());
        } while (!chunk.last());
        assertThat(back.toByteArray()).isEqualTo(content);
    }

    private static long append(ByteArrayOutputStream store, long offset, byte[] data) {
        if (offset != store.size()) {
            throw BerthException.of(ErrorCode.WRONG_STATE, "Go on where it ends.")
                    .with("offset", store.size());
        }
        store.writeBytes(data);
        return store.size();
    }

    private static StoredImage.Chunk piece(ByteArrayOutputStream store, long offset, int length) {
        byte[] all = store.toByteArray();
        int end = (int) Math.min(all.length, offset + length);
        return new StoredImage.Chunk(Arrays.copyOfRange(all, (int) offset, end), end == all.length);
    }

    private static Object notNull(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }
}

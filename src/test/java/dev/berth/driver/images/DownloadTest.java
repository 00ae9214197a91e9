package dev.berth.driver.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.ProgressSink;
import dev.berth.installation.Await;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from servers that cut, lie, wait and redirect; all of them on the loopback interface. */
class DownloadTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Download.Patience SHORT = new Download.Patience(
            Duration.ofSeconds(3), Duration.ofSeconds(3), SECOND, Duration.ofSeconds(30), Duration.ofMillis(10));
    private static final long MOST = 4 << 20;
    private final byte[] content = new byte[1 << 20];

    @TempDir
    Path directory;

    DownloadTest() {
        new Random(1).nextBytes(content);
    }

    private Path fetch(String url) throws IOException {
        return fetch(url, AddressRules.of(true), ProgressSink.NONE);
    }

    private Path fetch(String url, AddressRules rules, ProgressSink progress) throws IOException {
        Path file = directory.resolve("download");
        new Download(rules, MOST, SHORT, progress).fetch(url, file);
        return file;
    }

    private void refused(String url, ErrorCode code, String reason) {
        assertThatThrownBy(() -> fetch(url))
                .isInstanceOfSatisfying(
                        BerthException.class,
                        e -> assertThat(e.code()).as(e.message()).isEqualTo(code))
                .hasMessageContaining(reason);
    }

    @Test
    void fetchesAndReportsProgress() throws IOException {
        try (StubServer server = StubServer.serving(content)) {
            AtomicInteger reports = new AtomicInteger();
            Path file =
                    fetch(server.url("/a.img?x=[1-3]"), AddressRules.of(true), progress -> reports.incrementAndGet());
            assertThat(file).hasBinaryContent(content);
            assertThat(server.gets()).singleElement().satisfies(request -> assertThat(request.path())
                    .isEqualTo("/a.img?x=[1-3]"));
            assertThat(directory.resolve("headers")).doesNotExist();
        }
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws IOException {
        AtomicInteger cuts = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> {
            byte[] body = cuts.incrementAndGet() == 2 && !request.head() ? Arrays.copyOf(content, 300_000) : content;
            partly(request, out, "\"v1\"", body);
        })) {
            assertThat(fetch(server.url("/"))).hasBinaryContent(content);
            assertThat(server.gets()).hasSize(2);
            assertThat(server.gets().getLast().from()).isEqualTo(300_000);
            assertThat(server.gets().getLast().headers()).containsEntry("if-range", "\"v1\"");
        }
    }

    /** Promises all of the content, whatever the body holds. */
    private void partly(StubServer.Request request, OutputStream out, String tag, byte[] body) throws IOException {
        int from = request.from();
        String[] headers = {"Content-Length: " + (content.length - from), "ETag: " + tag};
        String range = "206 Partial Content\r\nContent-Range: bytes " + from + "-" + (content.length - 1) + "/"
                + content.length;
        StubServer.head(out, from > 0 ? range : "200 OK", headers);
        if (!request.head()) {
            out.write(body, from, body.length - from);
        }
    }

    @Test
    void beginsAnewWhenTheFileHasChanged() throws IOException {
        byte[] before = new byte[content.length];
        AtomicInteger gets = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> {
            if (request.head() || gets.incrementAndGet() == 1) {
                partly(request, out, "\"v1\"", Arrays.copyOf(before, 300_000));
            } else {
                // If-Range does not match any more: the whole new file.
                StubServer.send(out, "200 OK", content, 0, "ETag: \"v2\"", false);
            }
        })) {
            assertThat(fetch(server.url("/"))).hasBinaryContent(content);
            assertThat(server.gets()).hasSize(3);
            assertThat(server.gets().getLast().headers()).doesNotContainKeys("range", "if-range");
        }
    }

    @Test
    void beginsAnewWhenTheServerNamesNoVersion() throws IOException {
        AtomicInteger gets = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> {
            boolean cut = !request.head() && gets.incrementAndGet() == 1;
            partly(request, out, "W/\"weak\"", cut ? Arrays.copyOf(content, 300_000) : content);
        })) {
            assertThat(fetch(server.url("/"))).hasBinaryContent(content);
            assertThat(server.gets()).hasSize(2).allSatisfy(get -> assertThat(get.from())
                    .isZero());
        }
    }

    @Test
    void beginsAnewWhenTheRangeIsRefused() throws IOException {
        AtomicInteger gets = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> {
            if (request.from() > 0) {
                StubServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
            } else {
                boolean cut = !request.head() && gets.incrementAndGet() == 1;
                partly(request, out, "\"v1\"", cut ? Arrays.copyOf(content, 300_000) : content);
            }
        })) {
            assertThat(fetch(server.url("/"))).hasBinaryContent(content);
        }
    }

    @Test
    void triesAgainWhenTheServerIsBusyAndGivesUpInTheEnd() throws IOException {
        AtomicInteger gets = new AtomicInteger();
        try (StubServer server = StubServer.start((request, out) -> {
            if (!request.head() && gets.incrementAndGet() == 1) {
                StubServer.head(out, "503 Busy", "Content-Length: 0");
            } else {
                StubServer.send(out, "200 OK", content, 0, "", request.head());
            }
        })) {
            assertThat(fetch(server.url("/"))).hasBinaryContent(content);
        }
        try (StubServer server =
                StubServer.start((request, out) -> StubServer.head(out, "503 Busy", "Content-Length: 0"))) {
            refused(
                    server.url("/"),
                    ErrorCode.IMAGE_REFUSED,
                    "broke off 5 times; the last time the server answered with status 503");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 Not Found", "403 Forbidden", "401 Unauthorized", "204 No Content", "304 Not Modified"})
    void saysWhatTheServerAnswered(String status) throws IOException {
        try (StubServer server =
                StubServer.start((request, out) -> StubServer.head(out, status, "Content-Length: 0"))) {
            refused(server.url("/"), ErrorCode.IMAGE_REFUSED, "status " + status.substring(0, 3));
        }
    }

    @Test
    void refusesWhatIsLargerThanAllowed() throws IOException {
        String honest = "Content-Length: " + (MOST + 1);
        try (StubServer server = StubServer.start((request, out) -> StubServer.head(out, "200 OK", honest))) {
            refused(server.url("/"), ErrorCode.TOO_LARGE, "" + MOST);
            assertThat(server.gets()).isEmpty();
        }
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", request.head() ? "Content-Length: 5" : honest);
        })) {
            refused(server.url("/"), ErrorCode.TOO_LARGE, "" + MOST);
        }
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK");
            while (!request.head()) {
                out.write(content);
            }
        })) {
            refused(server.url("/"), ErrorCode.TOO_LARGE, "" + MOST);
            assertThat(directory.resolve("download"))
                    .as("stopped at the limit")
                    .satisfies(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(MOST + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999999999", "-5", "0x10", "nonsense"})
    void survivesNonsenseForALength(String length) throws IOException {
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", request.head() ? "Content-Length: " + length : "");
            if (!request.head()) {
                out.write(content);
            }
        })) {
            try {
                assertThat(fetch(server.url("/"))).hasBinaryContent(content);
            } catch (BerthException e) {
                assertThat(e.code()).isIn(ErrorCode.IMAGE_REFUSED, ErrorCode.TOO_LARGE);
            }
        }
    }

    @Test
    void takesNoMoreThanWasPromisedAndNoLess() throws IOException {
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", "Content-Length: 1000");
            if (!request.head()) {
                out.write(content, 0, 5000);
            }
        })) {
            assertThat(fetch(server.url("/"))).hasSize(1000);
        }
        Files.delete(directory.resolve("download"));
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", "Content-Length: 5000");
            if (!request.head()) {
                out.write(content, 0, 1000);
            }
        })) {
            refused(server.url("/"), ErrorCode.IMAGE_REFUSED, "the connection was cut");
        }
    }

    @Test
    void doesNotWaitForASlowServer() throws IOException {
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", "Content-Length: 1000000");
            for (int i = 0; i < 1000 && !request.head(); i++) {
                out.write(i);
                out.flush();
                Thread.sleep(100);
            }
        })) {
            refused(server.url("/"), ErrorCode.IMAGE_REFUSED, "it took too long");
        }
        try (StubServer server = StubServer.start((request, out) -> Thread.sleep(60_000))) {
            refused(server.url("/"), ErrorCode.IMAGE_REFUSED, "it took too long");
        }
    }

    @Test
    void endsWhenItIsCancelled() throws IOException {
        try (StubServer server = StubServer.start((request, out) -> {
            StubServer.head(out, "200 OK", "Content-Length: 1000000");
            out.write(content, 0, 5000);
            out.flush();
            Thread.sleep(request.head() ? 0 : 60_000);
        })) {
            ProgressSink cancelling = progress -> {
                if (progress.bytes() != null && progress.bytes() > 0) {
                    throw BerthException.of(ErrorCode.CANCELLED, "enough");
                }
            };
            assertThatThrownBy(() -> fetch(server.url("/"), AddressRules.of(true), cancelling))
                    .hasMessageContaining("enough");
            // It has been killed, but a busy machine may take a moment to end it.
            Await.until(Duration.ofSeconds(10), () -> "it goes on", () -> ProcessHandle.current()
                    .children()
                    .filter(ProcessHandle::isAlive)
                    .noneMatch(child -> child.info().commandLine().orElse("").contains(":" + server.port() + "/")));
        }
    }

    @Test
    void followsRedirectsAndChecksEachHop() throws IOException {
        AddressRules loopback =
                new AddressRules(host -> List.of(InetAddress.getByName(host)), address -> address.getHostAddress()
                        .equals("127.0.0.1"));
        try (StubServer server = StubServer.start((request, out) -> {
            switch (request.path()) {
                case "/good" -> StubServer.head(out, "302 Found", "Location: /file", "Content-Length: 0");
                case "/metadata" ->
                    StubServer.head(out, "301 Moved", "Location: http://169.254.169.254/latest", "Content-Length: 0");
                case "/file-url" ->
                    StubServer.head(out, "302 Found", "Location: file:///etc/shadow", "Content-Length: 0");
                case "/ftp" -> StubServer.head(out, "302 Found", "Location: ftp://127.0.0.1/x", "Content-Length: 0");
                case "/loop" -> StubServer.head(out, "302 Found", "Location: /loop", "Content-Length: 0");
                default -> StubServer.send(out, "200 OK", content, 0, "", request.head());
            }
        })) {
            assertThat(fetch(server.url("/good"), loopback, ProgressSink.NONE)).hasBinaryContent(content);
            assertThatThrownBy(() -> fetch(server.url("/metadata"), loopback, ProgressSink.NONE))
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
            refused(server.url("/file-url"), ErrorCode.INVALID_ARGUMENT, "http or https only");
            refused(server.url("/ftp"), ErrorCode.INVALID_ARGUMENT, "http or https only");
            refused(server.url("/loop"), ErrorCode.IMAGE_REFUSED, "more than 5 times");
        }
    }

    @Test
    void aRedirectThatOnlyTheDownloadSeesIsNotFollowed() throws IOException {
        try (StubServer server = StubServer.start((request, out) -> {
            if (request.head()) {
                StubServer.send(out, "200 OK", content, 0, "", true);
            } else {
                StubServer.head(out, "302 Found", "Location: http://169.254.169.254/", "Content-Length: 0");
            }
        })) {
            refused(server.url("/"), ErrorCode.IMAGE_REFUSED, "status 302");
        }
    }

    @Test
    void connectsToTheAddressThatWasChecked() throws IOException {
        try (StubServer server = StubServer.serving(content)) {
            AddressRules pinned = new AddressRules(host -> List.of(InetAddress.getLoopbackAddress()), address -> true);
            String url = "http://only-the-stub-knows.test:" + server.port() + "/";
            assertThat(fetch(url, pinned, ProgressSink.NONE)).hasBinaryContent(content);
            assertThat(server.gets().getLast().headers())
                    .containsEntry("host", "only-the-stub-knows.test:" + server.port());
        }
    }

    @Test
    void aNameThatChangesItsAddressIsRefused() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AddressRules rebinding = new AddressRules(
                host -> List.of(InetAddress.getByName(asked.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2")),
                address -> address.getHostAddress().equals("127.0.0.1"));
        try (StubServer server = StubServer.serving(content)) {
            assertThatThrownBy(() -> fetch("http://rebind.test:" + server.port() + "/", rebinding, ProgressSink.NONE))
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_REFUSED));
            assertThat(asked).hasValue(2);
            assertThat(server.gets()).isEmpty();
        }
    }

    @Test
    void takesTheNextAddressWhenOneIsDead() throws IOException {
        try (StubServer server = StubServer.serving(content)) {
            AddressRules both = new AddressRules(
                    host -> List.of(InetAddress.getByName("127.0.0.77"), InetAddress.getByName("127.0.0.1")),
                    address -> true);
            assertThat(fetch("http://two.test:" + server.port() + "/", both, ProgressSink.NONE))
                    .hasBinaryContent(content);
        }
    }

    static Stream<Arguments> refusedUrls() {
        return Stream.of(
                Arguments.of("http://127.0.0.1/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://[::1]/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://[::ffff:127.0.0.1]/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://169.254.169.254/latest/meta-data", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://2130706433/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://0x7f000001/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://0177.0.0.1/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://localhost/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("http://[fe80::1]/", ErrorCode.ADDRESS_REFUSED),
                Arguments.of("file:///etc/shadow", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("ftp://example.com/x", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("gopher://example.com/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("/etc/shadow", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http:///x", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://user:secret@example.com/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://example.com@127.0.0.1/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://example.com:0/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://example.com:99999/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://exa mple.com/", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://example.com/\r\nX: y", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("http://example.com/{a,b}", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("-o/etc/passwd", ErrorCode.INVALID_ARGUMENT),
                Arguments.of("", ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @MethodSource("refusedUrls")
    void refusesUrls(String url, ErrorCode code) {
        assertThatThrownBy(() -> fetch(url, AddressRules.of(false), ProgressSink.NONE))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(directory).isEmptyDirectory();
    }
}

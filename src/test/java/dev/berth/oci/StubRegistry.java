package dev.berth.oci;

import dev.berth.driver.images.StubServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A registry that lies, breaks off or asks for odd logins, as a test tells it to. */
final class StubRegistry implements AutoCloseable {
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final StubServer server;

    StubRegistry() throws IOException {
        this.server = StubServer.start(this::answer);
    }

    /** Answers a request. */
    @FunctionalInterface
    interface Answer {
        void to(StubServer.Request request, OutputStream out) throws Exception;
    }

    private void answer(StubServer.Request request, OutputStream out) throws Exception {
        Answer answer = answers.get(request.path().replaceFirst("\\?.*", ""));
        if (answer == null) {
            StubServer.head(out, "404 Not Found", "Content-Length: 0");
        } else {
            answer.to(request, out);
        }
    }

    StubRegistry on(String path, Answer answer) {
        answers.put("/v2/a/" + path, answer);
        return this;
    }

    StubRegistry onPath(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    StubRegistry has(String path, String type, byte[] content) {
        return on(
                path,
                (request, out) -> StubServer.send(
                        out, "200 OK", content, request.from(), "Content-Type: " + type, request.head()));
    }

    /** All of an image, under the tag 1. */
    StubRegistry has(TestImage image) {
        has("manifests/1", MediaTypes.MANIFEST, image.manifest());
        has("manifests/" + image.digest(), MediaTypes.MANIFEST, image.manifest());
        has("blobs/" + Digest.of(image.config()), "application/octet-stream", image.config());
        for (byte[] layer : image.layers()) {
            has("blobs/" + Digest.of(layer), "application/octet-stream", layer);
        }
        return this;
    }

    String reference(String version) {
        return "127.0.0.1:" + server.port() + "/a" + version;
    }

    int port() {
        return server.port();
    }

    List<StubServer.Request> requests() {
        return server.requests();
    }

    @Override
    public void close() {
        server.close();
    }
}

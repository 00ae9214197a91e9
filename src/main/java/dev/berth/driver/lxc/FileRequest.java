package dev.berth.driver.lxc;

import dev.berth.driver.NodeFailures;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One request to {@code berth-launch files}, which does all that has to do with paths inside a container.
 *
 * @param words of the request, see {@code native/launch/files.c}
 */
record FileRequest(List<String> words) {
    /** A file system that a container serves itself may never answer. */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    /** Numbers of errors, as Linux has them. */
    private static final int NOT_PERMITTED = 1;

    private static final int NO_ENTRY = 2;
    private static final int NO_ACCESS = 13;
    private static final int BUSY = 16;
    private static final int EXISTS = 17;
    private static final int NO_DIRECTORY = 20;
    private static final int IS_DIRECTORY = 21;
    private static final int INVALID = 22;
    private static final int NO_SPACE = 28;
    private static final int WRONG_OFFSET = 29;
    private static final int READ_ONLY = 30;
    private static final int TOO_LONG = 36;
    private static final int NOT_EMPTY = 39;
    private static final int TOO_MANY_LINKS = 40;
    private static final int NO_QUOTA = 122;

    static FileRequest of(String... words) {
        return new FileRequest(List.of(words));
    }

    /**
     * Asks.
     *
     * @param data what is to be written
     * @return the answer
     */
    byte[] ask(SocketLink link, byte[] data) {
        try (link;
                SocketLink.Deadline deadline = link.closeAfter(LONGEST)) {
            send(link);
            link.sendStdin(data);
            byte[] answer = answer(link);
            awaitEnd(link);
            return answer;
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED,
                    "The container's files could not be reached: "
                            + (e instanceof AsynchronousCloseException ? "it took too long" : e.getMessage()),
                    e);
        }
    }

    /** After its answer it unmounts the disk of a container that does not run. */
    private static void awaitEnd(SocketLink link) {
        try {
            while (Frame.read(link.in()).isPresent()) {
                continue;
            }
        } catch (IOException e) {
            // That is how an end looks when not all of the request was read.
            System.getLogger(FileRequest.class.getName()).log(System.Logger.Level.DEBUG, "it ended", e);
        }
    }

    private void send(SocketLink link) {
        Plan request = new Plan();
        request.words(words);
        try {
            link.send(new Frame(Frame.PLAN, request.bytes()));
        } catch (IOException e) {
            // It has ended already, and said why.
            System.getLogger(FileRequest.class.getName()).log(System.Logger.Level.DEBUG, "the request was left", e);
        }
    }

    private byte[] answer(SocketLink link) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (true) {
            Optional<Frame> next = Frame.read(link.in());
            if (next.isEmpty()) {
                throw new IOException("it ended without an answer");
            }
            switch (next.get().type()) {
                case Frame.STDOUT -> answer.writeBytes(next.get().data());
                case Frame.EXIT -> {
                    RunExit exit = RunExit.parse(new String(next.get().data(), StandardCharsets.UTF_8))
                            .orElseThrow(() -> new IOException("the answer cannot be read"));
                    if (exit.failed()) {
                        throw failure(exit.exitCode(), String.valueOf(exit.error()));
                    }
                    return answer.toByteArray();
                }
                case Frame.STDERR ->
                    throw new IOException(new String(next.get().data(), StandardCharsets.UTF_8).strip());
                default -> throw new IOException("an unknown frame came");
            }
        }
    }

    private BerthException failure(int code, String reason) {
        return switch (code) {
            case NO_ENTRY -> BerthException.notFound("file", words.get(1));
            case NO_DIRECTORY, IS_DIRECTORY, INVALID, EXISTS, TOO_LONG, TOO_MANY_LINKS ->
                BerthException.invalid("?path", "This path cannot be used so: " + reason);
            case NOT_EMPTY -> BerthException.of(ErrorCode.WRONG_STATE, "The directory is not empty.");
            case WRONG_OFFSET ->
                BerthException.of(ErrorCode.WRONG_STATE, "The upload has another size; go on where it ends.");
            case NO_SPACE, NO_QUOTA -> BerthException.of(ErrorCode.OUT_OF_SPACE, "The container's disk is full.");
            case READ_ONLY -> BerthException.of(ErrorCode.WRONG_STATE, "The file lies on something read-only.");
            case BUSY -> BerthException.of(ErrorCode.IN_USE, "Something is mounted there, so it cannot be replaced.");
            case NOT_PERMITTED, NO_ACCESS ->
                BerthException.of(ErrorCode.FORBIDDEN, "The container's root may not do this: " + reason);
            default -> BerthException.of(ErrorCode.DRIVER_FAILED, NodeFailures.shorten(reason));
        };
    }
}

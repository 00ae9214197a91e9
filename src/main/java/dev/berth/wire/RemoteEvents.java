package dev.berth.wire;

import dev.berth.driver.DriverEvent;
import dev.berth.driver.Subscription;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** A subscription that survives broken connections: it subscribes again, and then says that events may be missing. */
final class RemoteEvents implements Subscription {
    private static final Logger LOG = Logger.getLogger(RemoteEvents.class);
    private static final long RETRY_MILLIS = 1000;
    private final Channel channel;
    private final WireMethod method;
    private final Frame request;
    private final Consumer<DriverEvent> listener;
    private final Thread thread;
    private volatile boolean closed;

    private RemoteEvents(Channel channel, WireMethod method, Frame request, Consumer<DriverEvent> listener) {
        this.channel = channel;
        this.method = method;
        this.request = request;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("remote-events").unstarted(this::run);
    }

    static Subscription follow(Channel channel, WireMethod method, Frame request, Consumer<DriverEvent> listener) {
        RemoteEvents events = new RemoteEvents(channel, method, request, listener);
        events.thread.start();
        return events;
    }

    private void run() {
        boolean again = false;
        while (!closed) {
            try {
                again |= once(again);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("following a node's events failed", e);
                again = true; // what came meanwhile is lost
            }
            if (!pause()) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Follows one connection to its end, whatever the end is; true if events were followed at all. */
    private boolean once(boolean again) throws InterruptedException {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        ClientCall<Frame, Frame> call = channel.newCall(method.descriptor(), CallOptions.DEFAULT);
        call.start(new Inbox(frames), new Metadata());
        try {
            call.sendMessage(request);
            call.halfClose();
            call.request(1);
            return take(frames, call, again);
        } finally {
            call.cancel("no longer followed", null);
        }
    }

    private boolean take(BlockingQueue<Frame> frames, ClientCall<Frame, Frame> call, boolean again)
            throws InterruptedException {
        boolean followed = false;
        while (true) {
            Frame frame = frames.take();
            // A frame that comes while the thread has yet to notice its interruption makes take() return.
            if (closed) {
                return followed;
            }
            switch (frame.kind()) {
                case EVENT ->
                    listener.accept((DriverEvent) Objects.requireNonNull(WireJson.value(frame, DriverEvent.class)));
                case PROGRESS -> {
                    followed = true;
                    if (again) {
                        listener.accept(new DriverEvent.Resync("The connection to the node was lost for a while."));
                    }
                }
                case CLOSED -> {
                    return followed;
                }
                case ARGUMENTS, RESULT, CANCEL, DATA, RESIZE -> {
                    // Nothing that a subscription brings.
                }
            }
            call.request(1);
        }
    }

    private static final class Inbox extends ClientCall.Listener<Frame> {
        private final BlockingQueue<Frame> frames;

        Inbox(BlockingQueue<Frame> frames) {
            this.frames = frames;
        }

        @Override
        public void onMessage(Frame frame) {
            frames.add(frame);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            frames.add(Frame.of(Frame.Kind.CLOSED));
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

package dev.berth.wire;

/** Told where each call is that an endpoint serves; how tests let an agent die at a known place. */
@FunctionalInterface
public interface CallHook {
    CallHook NONE = (method, place) -> {};

    /**
     * Called on the call's own thread.
     *
     * @param method for example {@code InstanceDriver.start}
     * @param place {@code before}, {@code after}, or the stage that the call has just reported as its progress
     */
    void reached(String method, String place);
}

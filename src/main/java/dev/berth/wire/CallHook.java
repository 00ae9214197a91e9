package dev.berth.wire;

/** Told before and after each call that an endpoint serves; how tests let an agent die at a known place. */
@FunctionalInterface
public interface CallHook {
    CallHook NONE = (method, after) -> {};

    /**
     * Called on the call's own thread.
     *
     * @param method for example {@code InstanceDriver.start}
     */
    void reached(String method, boolean after);
}

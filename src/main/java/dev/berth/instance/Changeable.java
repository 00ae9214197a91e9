package dev.berth.instance;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Locale;

/** What an instance's state allows. */
final class Changeable {
    private Changeable() {}

    static void check(InstanceView instance) {
        switch (instance.state()) {
            case CREATING -> throw wrong(instance, "wait until it is made");
            case DELETING -> throw wrong(instance, "nothing can be changed any more");
            case STOPPED, RUNNING, PAUSED, CRASHED, MISSING, UNKNOWN -> {
                // Everything else is decided when its turn comes.
            }
        }
    }

    static void checkStopped(InstanceView instance, String what) {
        switch (instance.state()) {
            case RUNNING, PAUSED -> throw wrong(instance, "stop it before you " + what + " it");
            case STOPPED, CRASHED, MISSING, UNKNOWN, CREATING, DELETING -> {
                // Not running.
            }
        }
    }

    static BerthException wrong(InstanceView instance, String advice) {
        String state = instance.state().name().toLowerCase(Locale.ROOT);
        return BerthException.of(
                        ErrorCode.WRONG_STATE,
                        "The instance '" + instance.name() + "' is " + state + "; " + advice + ".")
                .with("state", instance.state().name());
    }
}

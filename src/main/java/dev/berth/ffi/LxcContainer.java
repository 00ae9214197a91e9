package dev.berth.ffi;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A container of liblxc that a supervisor runs, by its name; close it. It asks the supervisor over liblxc's command socket.
 *
 * <p>Nothing here forks: starting and attaching would fork the JVM, see the package's rationale, and are left out.
 */
public final class LxcContainer implements AutoCloseable {
    private static final int MOST_ITEM = 4096;
    private static final int BOOLEAN = 0xFF;

    private final Pointer container;

    private LxcContainer(Pointer container) {
        this.container = container;
    }

    /**
     * Whether the library is there and of a version that the mapping knows.
     *
     * @return why not
     */
    public static Optional<String> problem() {
        String version;
        try {
            version = version();
        } catch (UnsatisfiedLinkError e) {
            return Optional.of("liblxc is not installed");
        }
        int major = Integer.parseInt(version.split("[^0-9]", 2)[0]);
        return major < LxcLayout.OLDEST
                ? Optional.of("liblxc " + version + " is too old; " + LxcLayout.OLDEST + " or newer is needed")
                : Optional.empty();
    }

    public static String version() {
        return Lxc.LIBRARY.lxc_get_version();
    }

    /** A handle; the container need not exist. */
    public static LxcContainer of(String name, String configPath) {
        Pointer container = Lxc.LIBRARY.lxc_container_new(name, configPath);
        if (container == null) {
            throw new IllegalStateException("liblxc has no memory or no lock directory");
        }
        return new LxcContainer(container);
    }

    /** {@code RUNNING}, {@code FROZEN}, {@code STOPPED} … */
    public String state() {
        Pointer text = function(LxcLayout.STATE).invokePointer(new Object[] {container});
        return text == null ? "STOPPED" : text.getString(0, StandardCharsets.US_ASCII.name());
    }

    public boolean isRunning() {
        return yes(LxcLayout.IS_RUNNING, container);
    }

    /** The host's number of the container's process 1; −1 when it does not run. */
    public int initPid() {
        return function(LxcLayout.INIT_PID).invokeInt(new Object[] {container});
    }

    public boolean freeze() {
        return yes(LxcLayout.FREEZE, container);
    }

    public boolean unfreeze() {
        return yes(LxcLayout.UNFREEZE, container);
    }

    /** Whether liblxc takes a configuration item with this value. */
    public boolean accepts(String key, String value) {
        return yes(LxcLayout.SET_CONFIG_ITEM, container, key, value);
    }

    /** Writes a file of the container's cgroup, for example {@code memory.max}. */
    public boolean setCgroupItem(String name, String value) {
        return yes(LxcLayout.SET_CGROUP_ITEM, container, name, value);
    }

    public Optional<String> cgroupItem(String name) {
        try (Memory buffer = new Memory(MOST_ITEM)) {
            int length = function(LxcLayout.GET_CGROUP_ITEM)
                    .invokeInt(new Object[] {container, name, buffer, (int) buffer.size()});
            return length < 0 || length >= MOST_ITEM
                    ? Optional.empty()
                    : Optional.of(new String(buffer.getByteArray(0, length), StandardCharsets.UTF_8).strip());
        }
    }

    private Function function(int offset) {
        return Function.getFunction(container.getPointer(offset));
    }

    /** C's {@code bool} comes back in the low byte only. */
    private boolean yes(int offset, Object... arguments) {
        return (function(offset).invokeInt(arguments) & BOOLEAN) != 0;
    }

    @Override
    public void close() {
        Lxc.LIBRARY.lxc_container_put(container);
    }
}

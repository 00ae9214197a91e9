package dev.berth.ffi;

import java.util.Map;

/**
 * Offsets, in bytes, of the members of {@code struct lxc_container} that are called or read by hand; on 64-bit Linux. The
 * structure only ever grows at its end, so they hold for every liblxc from {@link #OLDEST} on. {@code native/layout.c}
 * prints the same table as the C compiler sees it.
 */
final class LxcLayout {
    /** Major version of liblxc that the table was first checked with. */
    static final int OLDEST = 4;

    static final int ERROR_STRING = 56;
    static final int STATE = 88;
    static final int IS_RUNNING = 96;
    static final int FREEZE = 104;
    static final int UNFREEZE = 112;
    static final int INIT_PID = 120;
    static final int LOAD_CONFIG = 128;
    static final int SET_CONFIG_ITEM = 192;
    static final int GET_CGROUP_ITEM = 312;
    static final int SET_CGROUP_ITEM = 320;

    private LxcLayout() {}

    /** The table by the names of C. */
    static Map<String, Integer> byName() {
        return Map.ofEntries(
                Map.entry("lxc_container.error_string", ERROR_STRING),
                Map.entry("lxc_container.state", STATE),
                Map.entry("lxc_container.is_running", IS_RUNNING),
                Map.entry("lxc_container.freeze", FREEZE),
                Map.entry("lxc_container.unfreeze", UNFREEZE),
                Map.entry("lxc_container.init_pid", INIT_PID),
                Map.entry("lxc_container.load_config", LOAD_CONFIG),
                Map.entry("lxc_container.set_config_item", SET_CONFIG_ITEM),
                Map.entry("lxc_container.get_cgroup_item", GET_CGROUP_ITEM),
                Map.entry("lxc_container.set_cgroup_item", SET_CGROUP_ITEM));
    }
}

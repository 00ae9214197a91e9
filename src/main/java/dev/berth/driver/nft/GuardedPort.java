package dev.berth.driver.nft;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The node's end of an instance's interface, and what may come out of it.
 *
 * @param hostInterface name of the interface on the node; see {@link #machine} and {@link #container}
 * @param address the one IPv4 address that it may use, or null where the network assigns none: then only its MAC is held to
 * @param bridge the bridge that it is on
 */
public record GuardedPort(
        String hostInterface, MacAddress mac, @Nullable Ipv4 address, String bridge) {
    static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    public GuardedPort {
        if (!INTERFACE.matcher(hostInterface).matches()
                || !INTERFACE.matcher(bridge).matches()) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "An interface has a name of 1 to 15 plain characters.");
        }
    }

    /** The name of a virtual machine's tap. */
    public static String machine(UUID nic) {
        return "bt" + last12(nic);
    }

    /** The name of a container's veth on the node's side. */
    public static String container(UUID nic) {
        return "bc" + last12(nic);
    }

    /** The random end of the id; its beginning is the time, which interfaces of one instance share. */
    private static String last12(UUID id) {
        String hex = id.toString().replace("-", "");
        return hex.substring(hex.length() - 12);
    }
}

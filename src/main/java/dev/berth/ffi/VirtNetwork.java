package dev.berth.ffi;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handle of one network. */
public final class VirtNetwork implements AutoCloseable {
    private final Pointer pointer;

    VirtNetwork(Pointer pointer) {
        this.pointer = pointer;
    }

    /**
     * An address that the DHCP server has given out.
     *
     * @param expiresAt seconds since 1970; it grows with each renewal
     */
    public record DhcpLease(String mac, String address, long expiresAt) {}

    public String name() {
        return Virt.LIBRARY.virNetworkGetName(pointer);
    }

    public void create() {
        Virt.check(Virt.LIBRARY.virNetworkCreate(pointer));
    }

    public void destroy() {
        Virt.check(Virt.LIBRARY.virNetworkDestroy(pointer));
    }

    public void undefine() {
        Virt.check(Virt.LIBRARY.virNetworkUndefine(pointer));
    }

    public boolean isActive() {
        return Virt.check(Virt.LIBRARY.virNetworkIsActive(pointer)) == 1;
    }

    public void autostart(boolean autostart) {
        Virt.check(Virt.LIBRARY.virNetworkSetAutostart(pointer, autostart ? 1 : 0));
    }

    public String xml() {
        return Virt.take(Virt.LIBRARY.virNetworkGetXMLDesc(pointer, 0));
    }

    public List<DhcpLease> leases() {
        PointerByReference array = new PointerByReference();
        int count = Virt.check(Virt.LIBRARY.virNetworkGetDHCPLeases(pointer, null, array, 0));
        List<DhcpLease> leases = new ArrayList<>(count);
        for (Pointer lease : Virt.takeAll(count, array, found -> found)) {
            DhcpLease read = read(lease);
            if (read != null) {
                leases.add(read);
            }
            Virt.LIBRARY.virNetworkDHCPLeaseFree(lease);
        }
        return leases;
    }

    /** {@code virNetworkDHCPLease}: char *iface; long long expirytime; int type; char *mac, *iaid, *ipaddr; … */
    private static @Nullable DhcpLease read(Pointer lease) {
        Pointer mac = lease.getPointer(Layout.LEASE_MAC);
        Pointer address = lease.getPointer(Layout.LEASE_ADDRESS);
        boolean ipv4 = lease.getInt(Layout.LEASE_TYPE) == 0;
        return mac == null || address == null || !ipv4
                ? null
                : new DhcpLease(
                        mac.getString(0, "UTF-8"), address.getString(0, "UTF-8"), lease.getLong(Layout.LEASE_EXPIRY));
    }

    @Override
    public void close() {
        Virt.LIBRARY.virNetworkFree(pointer);
    }
}

package dev.berth.ffi;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An open connection to libvirt. Safe for many threads; close it only when no call is under way. */
public final class VirtConnection implements AutoCloseable {
    /** {@code VIR_DOMAIN_DEFINE_VALIDATE}. */
    public static final int DEFINE_VALIDATE = 1;

    private static final int EVENT_LIFECYCLE = 0;

    private final Pointer pointer;
    /** Native code holds these; a collected callback would crash the process. */
    private final List<Object> callbacks = new ArrayList<>();

    private final List<Integer> eventIds = new ArrayList<>();
    private VirtLibrary.@Nullable CloseCallback closeCallback;

    private VirtConnection(Pointer pointer) {
        this.pointer = pointer;
    }

    /** Gets lifecycle events, on libvirt's event thread; it must return soon and call nothing of libvirt. */
    @FunctionalInterface
    public interface LifecycleListener {
        /**
         * Something happened.
         *
         * @param event {@code virDomainEventType}
         * @param detail the event's own detail enumeration
         */
        void happened(UUID domain, int event, int detail);
    }

    public static VirtConnection open(String uri) {
        return new VirtConnection(Virt.check(Virt.LIBRARY.virConnectOpen(uri)));
    }

    /** Lets libvirt notice a peer that no longer answers after {@code seconds} times {@code count}. */
    public void keepAlive(int seconds, int count) {
        Virt.check(Virt.LIBRARY.virConnectSetKeepAlive(pointer, seconds, count));
    }

    public boolean isAlive() {
        return Virt.LIBRARY.virConnectIsAlive(pointer) == 1;
    }

    /** The hypervisor's version, for example {@code 7.2.22}. */
    public String hypervisorVersion() {
        LongByReference version = new LongByReference();
        Virt.check(Virt.LIBRARY.virConnectGetVersion(pointer, version));
        long number = version.getValue();
        return number / 1_000_000 + "." + number / 1000 % 1000 + "." + number % 1000;
    }

    /** Calls back when the connection breaks, on libvirt's event thread. */
    public synchronized void onClose(Runnable listener) {
        VirtLibrary.CloseCallback callback = (connection, reason, opaque) -> listener.run();
        callbacks.add(callback);
        Virt.check(Virt.LIBRARY.virConnectRegisterCloseCallback(pointer, callback, null, null));
        closeCallback = callback;
    }

    public synchronized void onLifecycle(LifecycleListener listener) {
        VirtLibrary.LifecycleCallback callback = (connection, domain, event, detail, opaque) -> {
            listener.happened(VirtDomain.uuid(domain), event, detail);
            return 0;
        };
        callbacks.add(callback);
        eventIds.add(Virt.check(
                Virt.LIBRARY.virConnectDomainEventRegisterAny(pointer, null, EVENT_LIFECYCLE, callback, null, null)));
    }

    public VirtDomain define(String xml, int flags) {
        return new VirtDomain(Virt.check(Virt.LIBRARY.virDomainDefineXMLFlags(pointer, xml, flags)));
    }

    public Optional<VirtDomain> domain(UUID id) {
        Pointer found = Virt.LIBRARY.virDomainLookupByUUIDString(pointer, id.toString());
        if (found != null) {
            return Optional.of(new VirtDomain(found));
        }
        return absent(VirtException.NO_DOMAIN);
    }

    /** All domains, running or not; the caller closes each. */
    public List<VirtDomain> domains() {
        PointerByReference array = new PointerByReference();
        int count = Virt.check(Virt.LIBRARY.virConnectListAllDomains(pointer, array, 0));
        return Virt.takeAll(count, array, VirtDomain::new);
    }

    /** Starts a domain from a memory file that a save or a memory snapshot wrote. */
    public void restore(String file, int flags) {
        Virt.check(Virt.LIBRARY.virDomainRestoreFlags(pointer, file, null, flags));
    }

    public VirtNetwork defineNetwork(String xml) {
        return new VirtNetwork(Virt.check(Virt.LIBRARY.virNetworkDefineXML(pointer, xml)));
    }

    public Optional<VirtNetwork> network(String name) {
        Pointer found = Virt.LIBRARY.virNetworkLookupByName(pointer, name);
        if (found != null) {
            return Optional.of(new VirtNetwork(found));
        }
        return absent(VirtException.NO_NETWORK);
    }

    /** All networks, active or not; the caller closes each. */
    public List<VirtNetwork> networks() {
        PointerByReference array = new PointerByReference();
        int count = Virt.check(Virt.LIBRARY.virConnectListAllNetworks(pointer, array, 0));
        return Virt.takeAll(count, array, VirtNetwork::new);
    }

    /** Block counters of all running domains that answer without waiting. */
    public List<BlockCounters> blockCounters() {
        return BlockCounters.read(pointer);
    }

    private static <H> Optional<H> absent(int absence) {
        try {
            Virt.check((Pointer) null);
        } catch (VirtException e) {
            if (e.code() != absence) {
                throw e;
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized void close() {
        for (int id : eventIds) {
            Virt.LIBRARY.virConnectDomainEventDeregisterAny(pointer, id);
        }
        eventIds.clear();
        if (closeCallback != null) {
            Virt.LIBRARY.virConnectUnregisterCloseCallback(pointer, closeCallback);
            closeCallback = null;
        }
        Virt.LIBRARY.virConnectClose(pointer);
    }
}

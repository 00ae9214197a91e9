package dev.berth.ffi;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of libvirt that Berth calls, with their signatures from {@code libvirt/libvirt-{host,domain,network,event}.h}.
 *
 * <p>Functions that return {@code char *} are mapped as pointers because the caller has to free them.
 */
public interface VirtLibrary extends Library {
    /** {@code virConnectDomainEventCallback}, the lifecycle event. */
    interface LifecycleCallback extends Callback {
        int invoke(Pointer connection, Pointer domain, int event, int detail, @Nullable Pointer opaque);
    }

    /** {@code virConnectCloseFunc}. */
    interface CloseCallback extends Callback {
        void invoke(Pointer connection, int reason, @Nullable Pointer opaque);
    }

    /** {@code virErrorFunc}. */
    interface ErrorCallback extends Callback {
        void invoke(@Nullable Pointer userData, Pointer error);
    }

    static VirtLibrary load() {
        return Native.load("virt", VirtLibrary.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }

    int virInitialize();

    @Nullable
    Pointer virGetLastError();

    void virSetErrorFunc(@Nullable Pointer userData, ErrorCallback handler);

    int virEventRegisterDefaultImpl();

    int virEventRunDefaultImpl();

    @Nullable
    Pointer virConnectOpen(String name);

    int virConnectClose(Pointer connection);

    int virConnectIsAlive(Pointer connection);

    int virConnectSetKeepAlive(Pointer connection, int interval, int count);

    int virConnectRegisterCloseCallback(
            Pointer connection, CloseCallback callback, @Nullable Pointer opaque, @Nullable Pointer free);

    int virConnectUnregisterCloseCallback(Pointer connection, CloseCallback callback);

    int virConnectGetVersion(Pointer connection, LongByReference version);

    int virConnectDomainEventRegisterAny(
            Pointer connection,
            @Nullable Pointer domain,
            int eventId,
            Callback callback,
            @Nullable Pointer opaque,
            @Nullable Pointer free);

    int virConnectDomainEventDeregisterAny(Pointer connection, int callbackId);

    int virConnectListAllDomains(Pointer connection, PointerByReference domains, int flags);

    int virConnectGetAllDomainStats(Pointer connection, int stats, PointerByReference records, int flags);

    void virDomainStatsRecordListFree(Pointer records);

    @Nullable
    Pointer virDomainDefineXMLFlags(Pointer connection, String xml, int flags);

    @Nullable
    Pointer virDomainLookupByUUIDString(Pointer connection, String uuid);

    int virDomainFree(Pointer domain);

    int virDomainGetUUIDString(Pointer domain, byte[] buffer);

    String virDomainGetName(Pointer domain);

    int virDomainGetState(Pointer domain, IntByReference state, IntByReference reason, int flags);

    @Nullable
    Pointer virDomainGetXMLDesc(Pointer domain, int flags);

    @Nullable
    Pointer virDomainGetMetadata(Pointer domain, int type, String uri, int flags);

    int virDomainCreateWithFlags(Pointer domain, int flags);

    int virDomainShutdownFlags(Pointer domain, int flags);

    int virDomainDestroyFlags(Pointer domain, int flags);

    int virDomainUndefineFlags(Pointer domain, int flags);

    int virDomainUndefine(Pointer domain);

    int virDomainSuspend(Pointer domain);

    int virDomainResume(Pointer domain);

    int virDomainReset(Pointer domain, int flags);

    int virDomainSetVcpusFlags(Pointer domain, int cpus, int flags);

    int virDomainSetMemoryFlags(Pointer domain, long kibibytes, int flags);

    int virDomainBlockResize(Pointer domain, String disk, long size, int flags);

    int virDomainUpdateDeviceFlags(Pointer domain, String xml, int flags);

    @Nullable
    Pointer virDomainSnapshotCreateXML(Pointer domain, String xml, int flags);

    int virDomainSnapshotFree(Pointer snapshot);

    int virDomainRestoreFlags(Pointer connection, String file, @Nullable String xml, int flags);

    int virConnectListAllNetworks(Pointer connection, PointerByReference networks, int flags);

    @Nullable
    Pointer virNetworkLookupByName(Pointer connection, String name);

    @Nullable
    Pointer virNetworkDefineXML(Pointer connection, String xml);

    int virNetworkFree(Pointer network);

    String virNetworkGetName(Pointer network);

    int virNetworkCreate(Pointer network);

    int virNetworkDestroy(Pointer network);

    int virNetworkUndefine(Pointer network);

    int virNetworkIsActive(Pointer network);

    int virNetworkSetAutostart(Pointer network, int autostart);

    @Nullable
    Pointer virNetworkGetXMLDesc(Pointer network, int flags);

    int virNetworkGetDHCPLeases(Pointer network, @Nullable String mac, PointerByReference leases, int flags);

    void virNetworkDHCPLeaseFree(Pointer lease);
}

package dev.berth.ffi;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** A handle of one domain; flags and numbers are those of {@code libvirt/libvirt-domain.h}. */
public final class VirtDomain implements AutoCloseable {
    /** {@code VIR_DOMAIN_AFFECT_LIVE}. */
    public static final int AFFECT_LIVE = 1;

    /** {@code VIR_DOMAIN_AFFECT_CONFIG}. */
    public static final int AFFECT_CONFIG = 2;

    private static final int METADATA_ELEMENT = 2;

    private final Pointer pointer;

    VirtDomain(Pointer pointer) {
        this.pointer = pointer;
    }

    /** {@code virDomainState} and the reason that belongs to it. */
    public record State(int state, int reason) {}

    static UUID uuid(Pointer domain) {
        byte[] text = new byte[37];
        Virt.check(Virt.LIBRARY.virDomainGetUUIDString(domain, text));
        return UUID.fromString(new String(text, 0, 36, StandardCharsets.US_ASCII));
    }

    public UUID uuid() {
        return uuid(pointer);
    }

    public String name() {
        return Virt.LIBRARY.virDomainGetName(pointer);
    }

    public State state() {
        IntByReference state = new IntByReference();
        IntByReference reason = new IntByReference();
        Virt.check(Virt.LIBRARY.virDomainGetState(pointer, state, reason, 0));
        return new State(state.getValue(), reason.getValue());
    }

    public String xml(int flags) {
        return Virt.take(Virt.LIBRARY.virDomainGetXMLDesc(pointer, flags));
    }

    /** The metadata element of a namespace, as XML. */
    public Optional<String> metadata(String namespace, int flags) {
        try {
            return Optional.of(
                    Virt.take(Virt.LIBRARY.virDomainGetMetadata(pointer, METADATA_ELEMENT, namespace, flags)));
        } catch (VirtException e) {
            if (e.code() == VirtException.NO_DOMAIN_METADATA) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public void create() {
        Virt.check(Virt.LIBRARY.virDomainCreateWithFlags(pointer, 0));
    }

    public void shutdown(int flags) {
        Virt.check(Virt.LIBRARY.virDomainShutdownFlags(pointer, flags));
    }

    public void destroy() {
        Virt.check(Virt.LIBRARY.virDomainDestroyFlags(pointer, 0));
    }

    public void undefine(int flags) {
        Virt.check(Virt.LIBRARY.virDomainUndefineFlags(pointer, flags));
    }

    /** Undefines on hypervisors that know no flags. */
    public void undefine() {
        Virt.check(Virt.LIBRARY.virDomainUndefine(pointer));
    }

    public void suspend() {
        Virt.check(Virt.LIBRARY.virDomainSuspend(pointer));
    }

    public void resume() {
        Virt.check(Virt.LIBRARY.virDomainResume(pointer));
    }

    public void reset() {
        Virt.check(Virt.LIBRARY.virDomainReset(pointer, 0));
    }

    public void setCpus(int cpus, int flags) {
        Virt.check(Virt.LIBRARY.virDomainSetVcpusFlags(pointer, cpus, flags));
    }

    public void setMemory(long kibibytes, int flags) {
        Virt.check(Virt.LIBRARY.virDomainSetMemoryFlags(pointer, kibibytes, flags));
    }

    /** Sets the size of a disk, named by its target or its file, in bytes. */
    public void resizeDisk(String disk, long bytes) {
        Virt.check(Virt.LIBRARY.virDomainBlockResize(pointer, disk, bytes, 1));
    }

    public void updateDevice(String xml, int flags) {
        Virt.check(Virt.LIBRARY.virDomainUpdateDeviceFlags(pointer, xml, flags));
    }

    /** Takes a snapshot as the XML says; the handle that libvirt returns is not needed. */
    public void snapshot(String xml, int flags) {
        Virt.LIBRARY.virDomainSnapshotFree(Virt.check(Virt.LIBRARY.virDomainSnapshotCreateXML(pointer, xml, flags)));
    }

    /** Sends a QMP command to QEMU and returns its answer, both JSON. */
    public String monitor(String command) {
        PointerByReference result = new PointerByReference();
        Virt.check(Monitor.LIBRARY.virDomainQemuMonitorCommand(pointer, command, result, 0));
        return Virt.take(result.getValue());
    }

    @Override
    public void close() {
        Virt.LIBRARY.virDomainFree(pointer);
    }

    /** Loaded on first use: other hypervisors do without it. */
    private static final class Monitor {
        static final VirtQemuLibrary LIBRARY = VirtQemuLibrary.load();
    }
}

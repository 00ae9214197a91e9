package dev.berth.ffi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;

/** The function of {@code libvirt/libvirt-qemu.h} that Berth calls: QEMU's own monitor, for what libvirt does not offer. */
public interface VirtQemuLibrary extends Library {
    static VirtQemuLibrary load() {
        return Native.load("virt-qemu", VirtQemuLibrary.class, Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }

    int virDomainQemuMonitorCommand(Pointer domain, String command, PointerByReference result, int flags);
}

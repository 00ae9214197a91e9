package dev.berth.ffi;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Bytes that all disks of one running domain have read and written since it started. */
public record BlockCounters(UUID domain, long readBytes, long writtenBytes) {
    private static final int STATS_BLOCK = 1 << 5;
    private static final int ACTIVE_ONLY = 1;
    private static final int NO_WAIT = 1 << 29;

    /** {@code virTypedParameter}: char field[80]; int type; union of 8 bytes. */
    private static final int PARAMETER_SIZE = 96;

    private static final int PARAMETER_VALUE = 88;

    static List<BlockCounters> read(Pointer connection) {
        PointerByReference array = new PointerByReference();
        int count = Virt.check(
                Virt.LIBRARY.virConnectGetAllDomainStats(connection, STATS_BLOCK, array, ACTIVE_ONLY | NO_WAIT));
        Pointer base = array.getValue();
        List<BlockCounters> counters = new ArrayList<>(count);
        if (base != null) {
            for (int i = 0; i < count; i++) {
                counters.add(record(base.getPointer((long) i * Native.POINTER_SIZE)));
            }
            Virt.LIBRARY.virDomainStatsRecordListFree(base);
        }
        return counters;
    }

    /** {@code virDomainStatsRecord}: virDomainPtr dom; virTypedParameterPtr params; int nparams. */
    private static BlockCounters record(Pointer record) {
        long read = 0;
        long written = 0;
        Pointer parameters = record.getPointer(Native.POINTER_SIZE);
        int count = record.getInt(2L * Native.POINTER_SIZE);
        for (int i = 0; i < count; i++) {
            Pointer parameter = parameters.share((long) i * PARAMETER_SIZE);
            String field = parameter.getString(0, "US-ASCII");
            if (field.endsWith(".rd.bytes")) {
                read += parameter.getLong(PARAMETER_VALUE);
            } else if (field.endsWith(".wr.bytes")) {
                written += parameter.getLong(PARAMETER_VALUE);
            }
        }
        return new BlockCounters(VirtDomain.uuid(record.getPointer(0)), read, written);
    }
}

package dev.berth.ffi;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Bytes that all disks of one running domain have read and written since it started. */
public record BlockCounters(UUID domain, long readBytes, long writtenBytes) {
    static List<BlockCounters> read(Pointer connection) {
        PointerByReference array = new PointerByReference();
        int count = Virt.check(Virt.LIBRARY.virConnectGetAllDomainStats(
                connection, Layout.STATS_BLOCK, array, Layout.STATS_ACTIVE | Layout.STATS_NO_WAIT));
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
        Pointer parameters = record.getPointer(Layout.STATS_RECORD_PARAMS);
        int count = record.getInt(Layout.STATS_RECORD_NPARAMS);
        for (int i = 0; i < count; i++) {
            Pointer parameter = parameters.share((long) i * Layout.TYPED_PARAMETER);
            String field = parameter.getString(0, "US-ASCII");
            if (field.endsWith(".rd.bytes")) {
                read += parameter.getLong(Layout.TYPED_PARAMETER_VALUE);
            } else if (field.endsWith(".wr.bytes")) {
                written += parameter.getLong(Layout.TYPED_PARAMETER_VALUE);
            }
        }
        return new BlockCounters(VirtDomain.uuid(record.getPointer(0)), read, written);
    }
}

package dev.berth.ffi;

import java.util.HashMap;
import java.util.Map;

/**
 * Sizes and offsets, in bytes, of the libvirt structures that are read by hand, and the constants passed with them; on
 * 64-bit Linux. {@code native/layout.c} prints the same table as the C compiler sees it, and a test compares the two.
 */
final class Layout {
    static final int TYPED_PARAMETER = 96;
    static final int TYPED_PARAMETER_VALUE = 88;
    static final int STATS_RECORD_PARAMS = 8;
    static final int STATS_RECORD_NPARAMS = 16;
    static final int ERROR_CODE = 0;
    static final int ERROR_DOMAIN = 4;
    static final int ERROR_MESSAGE = 8;
    static final int LEASE_EXPIRY = 8;
    static final int LEASE_TYPE = 16;
    static final int LEASE_MAC = 24;
    static final int LEASE_ADDRESS = 40;
    static final int STATS_BLOCK = 1 << 5;
    static final int STATS_ACTIVE = 1;
    static final int STATS_NO_WAIT = 1 << 29;

    private Layout() {}

    /** The table by the names of C. */
    static Map<String, Integer> byName() {
        Map<String, Integer> all = new HashMap<>(libvirt());
        all.putAll(LxcLayout.byName());
        all.putAll(LoopLayout.byName());
        return all;
    }

    private static Map<String, Integer> libvirt() {
        return Map.ofEntries(
                Map.entry("virTypedParameter", TYPED_PARAMETER),
                Map.entry("virTypedParameter.field", 0),
                Map.entry("virTypedParameter.value", TYPED_PARAMETER_VALUE),
                Map.entry("virDomainStatsRecord.dom", 0),
                Map.entry("virDomainStatsRecord.params", STATS_RECORD_PARAMS),
                Map.entry("virDomainStatsRecord.nparams", STATS_RECORD_NPARAMS),
                Map.entry("virError.code", ERROR_CODE),
                Map.entry("virError.domain", ERROR_DOMAIN),
                Map.entry("virError.message", ERROR_MESSAGE),
                Map.entry("virNetworkDHCPLease.expirytime", LEASE_EXPIRY),
                Map.entry("virNetworkDHCPLease.type", LEASE_TYPE),
                Map.entry("virNetworkDHCPLease.mac", LEASE_MAC),
                Map.entry("virNetworkDHCPLease.ipaddr", LEASE_ADDRESS),
                Map.entry("VIR_DOMAIN_STATS_BLOCK", STATS_BLOCK),
                Map.entry("VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE", STATS_ACTIVE),
                Map.entry("VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT", STATS_NO_WAIT),
                Map.entry("VIR_DOMAIN_DEFINE_VALIDATE", VirtConnection.DEFINE_VALIDATE),
                Map.entry("VIR_DOMAIN_AFFECT_LIVE", VirtDomain.AFFECT_LIVE),
                Map.entry("VIR_DOMAIN_AFFECT_CONFIG", VirtDomain.AFFECT_CONFIG));
    }
}

/*
 * Prints the memory layout of libvirt's structures that Berth's Java mapping reads by hand, one "name number" on a line.
 * Source: libvirt/libvirt-common.h and libvirt/libvirt-domain.h.
 */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stddef.h>
#include <stdio.h>

#define OFFSET(type, field) printf("%s.%s %zu\n", #type, #field, offsetof(type, field))
#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define CONSTANT(name) printf("%s %lld\n", #name, (long long)(name))

int main(void)
{
    SIZE(virTypedParameter);
    OFFSET(virTypedParameter, field);
    OFFSET(virTypedParameter, value);
    OFFSET(virDomainStatsRecord, dom);
    OFFSET(virDomainStatsRecord, params);
    OFFSET(virDomainStatsRecord, nparams);
    OFFSET(virError, code);
    OFFSET(virError, domain);
    OFFSET(virError, message);
    OFFSET(virNetworkDHCPLease, expirytime);
    OFFSET(virNetworkDHCPLease, type);
    OFFSET(virNetworkDHCPLease, mac);
    OFFSET(virNetworkDHCPLease, ipaddr);
    CONSTANT(VIR_DOMAIN_STATS_BLOCK);
    CONSTANT(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE);
    CONSTANT(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
    CONSTANT(VIR_DOMAIN_DEFINE_VALIDATE);
    CONSTANT(VIR_DOMAIN_AFFECT_LIVE);
    CONSTANT(VIR_DOMAIN_AFFECT_CONFIG);
    CONSTANT(VIR_NETWORK_SECTION_IP_DHCP_HOST);
    CONSTANT(VIR_NETWORK_SECTION_DNS_HOST);
    return 0;
}

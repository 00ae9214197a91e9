/*
 * Prints the memory layout of the structures of libvirt and liblxc that Berth's Java mappings read by hand, one
 * "name number" on a line. Source: libvirt/libvirt-common.h, libvirt/libvirt-domain.h and lxc/lxccontainer.h, linux/loop.h.
 */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <linux/loop.h>
#include <lxc/lxccontainer.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mount.h>

#define OFFSET(type, field) printf("%s.%s %zu\n", #type, #field, offsetof(type, field))
#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define CONSTANT(name) printf("%s %lld\n", #name, (long long)(name))

#define MEMBER(field) printf("lxc_container.%s %zu\n", #field, offsetof(struct lxc_container, field))

static void lxc(void)
{
    MEMBER(error_string);
    MEMBER(state);
    MEMBER(is_running);
    MEMBER(freeze);
    MEMBER(unfreeze);
    MEMBER(init_pid);
    MEMBER(load_config);
    MEMBER(set_config_item);
    MEMBER(get_cgroup_item);
    MEMBER(set_cgroup_item);
}

static void loop(void)
{
    printf("loop_config %zu\n", sizeof(struct loop_config));
    printf("loop_config.fd %zu\n", offsetof(struct loop_config, fd));
    printf("loop_config.flags %zu\n", offsetof(struct loop_config, info.lo_flags));
    printf("loop_config.name %zu\n", offsetof(struct loop_config, info.lo_file_name));
    CONSTANT(LOOP_CTL_GET_FREE);
    CONSTANT(LOOP_CONFIGURE);
    CONSTANT(LOOP_SET_CAPACITY);
    CONSTANT(LO_FLAGS_AUTOCLEAR);
    printf("MS_NOSUID_NODEV_NOATIME %d\n", MS_NOSUID | MS_NODEV | MS_NOATIME);
    CONSTANT(MS_BIND);
    CONSTANT(MS_SHARED);
    CONSTANT(MNT_DETACH);
    CONSTANT(UMOUNT_NOFOLLOW);
}

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
    lxc();
    loop();
    return 0;
}

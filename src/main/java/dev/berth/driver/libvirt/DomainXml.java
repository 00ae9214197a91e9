package dev.berth.driver.libvirt;

import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.VmSpec;
import dev.berth.driver.VmSpec.Firmware;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;

/**
 * The domain XML of a definition.
 *
 * <p>Only what a definition can say ever gets in: no emulator path, no QEMU command line, no host device. See
 * https://libvirt.org/formatdomain.html.
 */
final class DomainXml {
    /** Has SSE4.2 and POPCNT (x86-64-v2), which today's distributions need, and nothing that QEMU cannot translate. */
    private static final String TRANSLATED_CPU = "Nehalem";

    private final LibvirtSettings settings;

    DomainXml(LibvirtSettings settings) {
        this.settings = settings;
    }

    static VmSpec spec(InstanceDefinition definition) {
        if (definition.spec() instanceof VmSpec vm) {
            return vm;
        }
        throw BerthException.of(ErrorCode.UNSUPPORTED, "The libvirt driver runs virtual machines only.");
    }

    String of(InstanceDefinition definition) {
        VmSpec vm = spec(definition);
        InstanceFiles files = new InstanceFiles(settings.layout(), definition.id());
        Xml xml = new Xml();
        xml.open(
                "domain",
                "type",
                settings.simulated() ? "test" : settings.accelerator().kind().domainType());
        xml.text("name", DomainMetadata.domainName(definition.id()));
        xml.text("uuid", definition.id().toString());
        xml.text("title", definition.name());
        DomainMetadata.write(xml, definition);
        size(xml, definition);
        boot(xml, vm, files);
        cpu(xml, vm);
        lifecycle(xml);
        new DeviceXml(xml, settings.layout(), definition, vm).write();
        return xml.close().toString();
    }

    private static void size(Xml xml, InstanceDefinition definition) {
        xml.text("memory", Long.toString(definition.maxMemory().toKibibytes()), "unit", "KiB");
        xml.text("currentMemory", Long.toString(definition.memory().toKibibytes()), "unit", "KiB");
        xml.text(
                "vcpu",
                Integer.toString(definition.maxCpus().value()),
                "placement",
                "static",
                "current",
                Integer.toString(definition.cpus().value()));
    }

    private void boot(Xml xml, VmSpec vm, InstanceFiles files) {
        xml.open("os");
        if (settings.simulated()) {
            xml.text("type", "hvm");
        } else {
            xml.text("type", "hvm", "arch", "x86_64", "machine", "q35");
        }
        if (vm.firmware() == Firmware.UEFI) {
            xml.text("loader", settings.firmware().code().toString(), "readonly", "yes", "type", "pflash");
            xml.text(
                    "nvram",
                    files.nvram().toString(),
                    "template",
                    settings.firmware().variables().toString());
        }
        VmSpec.DirectBoot direct = vm.directBoot();
        if (direct != null) {
            xml.text("kernel", path(direct.kernel()));
            ImageRef initrd = direct.initrd();
            if (initrd != null) {
                xml.text("initrd", path(initrd));
            }
            xml.text("cmdline", direct.commandLine());
        }
        xml.close();
        xml.open("features").leaf("acpi").leaf("apic").close();
    }

    private String path(ImageRef image) {
        return settings.layout().image(image).toString();
    }

    private void cpu(Xml xml, VmSpec vm) {
        if (settings.simulated()) {
            return;
        }
        String model = vm.cpuModel();
        boolean kvm = settings.accelerator().kind() == Accelerator.Kind.KVM;
        if (model == null && kvm) {
            xml.leaf("cpu", "mode", "host-passthrough", "check", "none", "migratable", "on");
            return;
        }
        xml.open("cpu", "mode", "custom", "match", "exact", "check", kvm ? "partial" : "none");
        xml.text("model", model == null ? TRANSLATED_CPU : model, "fallback", "allow");
        xml.close();
    }

    private static void lifecycle(Xml xml) {
        xml.open("clock", "offset", "utc");
        xml.leaf("timer", "name", "rtc", "tickpolicy", "catchup");
        xml.leaf("timer", "name", "pit", "tickpolicy", "delay");
        xml.leaf("timer", "name", "hpet", "present", "no");
        xml.close();
        xml.text("on_poweroff", "destroy");
        xml.text("on_reboot", "restart");
        xml.text("on_crash", "destroy");
    }
}

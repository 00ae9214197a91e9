package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.DiskSpec;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** The XML of a domain holds exactly the elements that the definition stands for, whatever the texts in it are. */
class DomainXmlTest {
    private static final int TRIES = 200;

    /** All elements that a domain of Berth ever has. No emulator, hostdev, commandline, sgio, shareable, redirdev … */
    private static final Set<String> ELEMENTS = Set.of(
            ("domain name uuid title metadata definition memory currentMemory vcpu os type loader nvram kernel initrd"
                            + " cmdline features acpi apic cpu model clock timer on_poweroff on_reboot on_crash devices"
                            + " disk driver source target serial boot alias readonly interface mac controller log channel"
                            + " input graphics listen video memballoon rng backend")
                    .split(" "));

    private static final Pattern STORE_FILE = Pattern.compile(
            "/var/lib/berth/(images/UUID[.][a-z0-9]+|instances/UUID/(disk-UUID[.]qcow2|seed[.]iso|nvram[.]fd|serial[.](sock|log)))"
                    .replace("UUID", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));

    private static final DomainXml TCG = new DomainXml(Definitions.settings(Accelerator.Kind.TCG));
    private static final DomainXml KVM = new DomainXml(Definitions.settings(Accelerator.Kind.KVM));

    private static final List<String> ATTACKS = List.of(
            "</title><devices><emulator>/bin/sh</emulator></devices>",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
            "&e;",
            "&#0;",
            "&amp;lt;",
            "\" onload=\"",
            "' x='",
            "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'/>",
            "<hostdev mode='subsystem' type='pci'/>",
            "<?xml version='1.1'?>",
            "\t",
            "\r\n",
            "\uD83D\uDC1F");

    /** Attacks and random characters, up to six in a row. */
    private static String hostile(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(7); left > 0; left--) {
            text.append(random.nextBoolean() ? ATTACKS.get(random.nextInt(ATTACKS.size())) : anything(random));
        }
        return text.toString();
    }

    /** Up to twenty characters of all that XML can hold; half of them are short ones, which mean most to it. */
    private static String anything(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(21); left > 0; left--) {
            int most = random.nextBoolean() ? 0x100 : Character.MAX_CODE_POINT + 1;
            String one = Character.toString(random.nextInt(most));
            text.append(isXml(one) ? one : "<");
        }
        return text.toString();
    }

    /** Production 2 of XML 1.0: Char. */
    private static boolean isXml(String text) {
        return text.codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || (c >= 0x20 && c <= 0xD7FF)
                        || (c >= 0xE000 && c <= 0xFFFD)
                        || c >= 0x10000);
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheTextsAreTheElementsStayTheSame(DiskSpec.Bus bus) {
        for (long seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed);
            assertSameElements(bus, hostile(random), hostile(random), hostile(random), hostile(random));
        }
    }

    /** 64 KiB each, of what needs most room in JSON and in XML. */
    @Test
    void theLongestTextsAreReadBack() {
        String longest = "\"\n".repeat(1 << 15);
        VmSpec spec = Definitions.spec("quiet", null, new VmSpec.CloudInit(longest, longest, List.of(), "web1"));
        InstanceDefinition definition = Definitions.of("web1", "berth0", DiskSpec.Bus.VIRTIO, spec);
        assertThat(DomainMetadata.read(serialized(TCG.of(definition)))).isEqualTo(definition);
    }

    private static void assertSameElements(
            DiskSpec.Bus bus, String name, String network, String commandLine, String text) {
        InstanceDefinition hostile =
                Definitions.of(name, network, bus, Definitions.spec(commandLine, text, Definitions.cloudInit(text)));
        InstanceDefinition plain =
                Definitions.of("n", "n", bus, Definitions.spec("n", "n", Definitions.cloudInit("n")));
        Element domain = XmlReader.parse(TCG.of(hostile));
        assertThat(skeleton(domain)).isEqualTo(skeleton(XmlReader.parse(TCG.of(plain))));
        assertThat(text(domain, "title")).isEqualTo(name);
        assertThat(text(domain, "cmdline")).isEqualTo(commandLine);
        Element nic = XmlReader.all(domain, "interface").getFirst();
        assertThat(XmlReader.attribute(nic, "source", "network")).isEqualTo(network);
        assertThat(DomainMetadata.read(serialized(TCG.of(hostile)))).isEqualTo(hostile);
        assertThat(files(domain)).allMatch(file -> STORE_FILE.matcher(file).matches());
    }

    /** Whatever names a file of the store. */
    private static List<String> files(Element domain) {
        List<String> files =
                new ArrayList<>(List.of(text(domain, "nvram"), text(domain, "kernel"), text(domain, "initrd")));
        for (Element element : XmlReader.all(domain, "*")) {
            for (String attribute : List.of("file", "path", "dev")) {
                if (element.getAttribute(attribute).contains("/")) {
                    files.add(element.getAttribute(attribute));
                }
            }
        }
        return files;
    }

    /** All of them, one after the other: there are only some two thousand. */
    @Test
    void charactersThatXmlCannotHoldAreRefused() {
        VmSpec good = Definitions.spec("quiet", null, null);
        List<String> all = IntStream.rangeClosed(Character.MIN_VALUE, Character.MAX_VALUE)
                .mapToObj(c -> String.valueOf((char) c))
                .filter(c -> !isXml(c))
                .toList();
        assertThat(all).hasSize(29 + 2048 + 2);
        for (String forbidden : all) {
            String bad = "a" + forbidden + "b";
            refused(bad, Definitions.of(bad, "berth0", DiskSpec.Bus.VIRTIO, good));
            refused(bad, Definitions.of("web1", bad, DiskSpec.Bus.VIRTIO, good));
            refused(bad, Definitions.of("web1", "berth0", DiskSpec.Bus.VIRTIO, Definitions.spec(bad, null, null)));
            refused(bad, Definitions.of("web1", "berth0", DiskSpec.Bus.VIRTIO, Definitions.spec("quiet", bad, null)));
        }
    }

    private static void refused(String text, InstanceDefinition definition) {
        assertThatThrownBy(() -> TCG.of(definition))
                .as("U+%04X", (int) text.charAt(1))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void nothingButBerthsOwnElementsEverAppears() {
        for (VmSpec.Firmware firmware : VmSpec.Firmware.values()) {
            for (VmSpec.Video video : VmSpec.Video.values()) {
                for (DiskSpec.Bus bus : DiskSpec.Bus.values()) {
                    for (int bits = 0; bits < 16; bits++) {
                        Accelerator.Kind kind = (bits & 8) == 0 ? Accelerator.Kind.TCG : Accelerator.Kind.KVM;
                        assertOwnElements(
                                firmware, video, bus, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, kind);
                    }
                }
            }
        }
    }

    private static void assertOwnElements(
            VmSpec.Firmware firmware,
            VmSpec.Video video,
            DiskSpec.Bus bus,
            boolean direct,
            boolean agent,
            boolean cloud,
            Accelerator.Kind kind) {
        VmSpec all = Definitions.spec("quiet", null, cloud ? Definitions.cloudInit("x") : null);
        VmSpec spec = new VmSpec(
                firmware, all.bootOrder(), direct ? all.directBoot() : null, video, null, agent, all.cloudInit());
        DomainXml generator = kind == Accelerator.Kind.KVM ? KVM : TCG;
        Element domain = XmlReader.parse(generator.of(Definitions.of("web1", "berth0", bus, spec)));
        assertThat(names(domain)).isSubsetOf(ELEMENTS);
        assertThat(XmlReader.all(domain, "disk")).allSatisfy(disk -> {
            assertThat(disk.getAttribute("type")).isEqualTo("file");
            assertThat(disk.getAttribute("device")).isIn("disk", "cdrom");
            assertThat(XmlReader.attribute(disk, "driver", "type")).isIn("qcow2", "raw");
            assertThat(XmlReader.attribute(disk, "source", "file")).startsWith("/var/lib/berth/");
        });
        assertThat(XmlReader.all(domain, "interface"))
                .allSatisfy(nic -> assertThat(nic.getAttribute("type")).isEqualTo("network"));
        List<Element> graphics = XmlReader.all(domain, "graphics");
        assertThat(graphics).hasSize(video == VmSpec.Video.NONE ? 0 : 1).allSatisfy(vnc -> {
            assertThat(attributes(vnc)).containsExactly("type");
            assertThat(XmlReader.attribute(vnc, "listen", "type")).isEqualTo("socket");
            assertThat(attributes(XmlReader.all(vnc, "listen").getFirst())).containsExactly("type");
        });
    }

    @Test
    void theSeedIsAReadOnlyVirtioDiskThatCloudKernelsSee() {
        Element seed = seed(DiskSpec.Bus.VIRTIO);
        assertThat(seed.getAttribute("device")).isEqualTo("disk");
        assertThat(XmlReader.attribute(seed, "target", "bus")).isEqualTo("virtio");
        assertThat(XmlReader.attribute(seed, "driver", "type")).isEqualTo("raw");
        assertThat(XmlReader.all(seed, "readonly")).hasSize(1);
        assertThat(text(seed, "serial")).isEqualTo("berth-seed");
    }

    @Test
    void theSeedOfAnEmulatedMachineIsAnOpticalDrive() {
        Element seed = seed(DiskSpec.Bus.SATA);
        assertThat(seed.getAttribute("device")).isEqualTo("cdrom");
        assertThat(XmlReader.attribute(seed, "target", "bus")).isEqualTo("sata");
    }

    private static Element seed(DiskSpec.Bus bus) {
        VmSpec spec = Definitions.spec("quiet", null, Definitions.cloudInit("x"));
        Element domain = XmlReader.parse(TCG.of(Definitions.of("web1", "berth0", bus, spec)));
        List<Element> disks = XmlReader.all(domain, "disk");
        assertThat(disks.stream().map(disk -> XmlReader.attribute(disk, "target", "dev")))
                .doesNotHaveDuplicates();
        return disks.stream()
                .filter(disk -> XmlReader.attribute(disk, "source", "file").endsWith("/seed.iso"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theHostsProcessorIsPassedThroughWithKvmOnly() {
        InstanceDefinition plain =
                Definitions.of("web1", "berth0", DiskSpec.Bus.VIRTIO, Definitions.spec("quiet", null, null));
        assertThat(XmlReader.attribute(XmlReader.parse(KVM.of(plain)), "cpu", "mode"))
                .isEqualTo("host-passthrough");
        assertThat(TCG.of(plain)).doesNotContain("passthrough").doesNotContain("host-model");
        InstanceDefinition named =
                Definitions.of("web1", "berth0", DiskSpec.Bus.VIRTIO, Definitions.spec("quiet", "Haswell", null));
        assertThat(KVM.of(named)).doesNotContain("passthrough");
        assertThat(text(XmlReader.parse(KVM.of(named)), "model")).isEqualTo("Haswell");
    }

    /** The metadata element as libvirt hands it out: on its own. */
    private static String serialized(String domainXml) {
        int start = domainXml.indexOf("<berth:definition");
        return domainXml.substring(start, domainXml.indexOf("</metadata>"));
    }

    private static String text(Element parent, String name) {
        return XmlReader.all(parent, name).getFirst().getTextContent();
    }

    private static Set<String> names(Element root) {
        Set<String> names = new TreeSet<>(Set.of(root.getLocalName()));
        XmlReader.all(root, "*").forEach(element -> names.add(element.getLocalName()));
        return names;
    }

    private static List<String> attributes(Element element) {
        List<String> names = new ArrayList<>();
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            names.add(attributes.item(i).getNodeName());
        }
        return names;
    }

    /** Elements with their attributes' names, nested, without any value. */
    private static String skeleton(Node node) {
        if (!(node instanceof Element element)) {
            return "";
        }
        StringBuilder text = new StringBuilder(element.getNodeName())
                .append(attributes(element))
                .append('(');
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            text.append(skeleton(child));
        }
        return text.append(')').toString();
    }
}

package dev.berth.driver.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.driver.NetworkSpec;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.Ipv4;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlElementTest {
    private static final String NETWORK = """
            <network connections='1' xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
              <name>berth0</name>
              <uuid>6b2c4c1e-2f5b-4a55-9d3c-3a4f0c8f4b11</uuid>
              <forward dev='eth0' mode='nat'>
                <nat><port start='1024' end='65535'/></nat>
                <interface dev='eth0'/>
              </forward>
              <bridge name='berth0' stp='off' delay='0'/>
              <domain name='berth.internal' localOnly='yes'/>
              <dns>
                <forwarder addr='10.0.0.1'/>
                <host ip='10.66.0.7'><hostname>a&amp;b</hostname><hostname>a.default.berth.internal</hostname></host>
              </dns>
              <ip address='10.66.0.1' netmask='255.255.0.0'>
                <dhcp>
                  <range start='10.66.0.2' end='10.66.255.254'/>
                  <host mac='52:54:00:00:00:07' name='a' ip='10.66.0.7'/>
                </dhcp>
              </ip>
              <dnsmasq:options><dnsmasq:option value='no-hosts'/></dnsmasq:options>
            </network>
            """;

    @Test
    void elementsAreFoundAtAnyDepthInTheirOrder() {
        XmlElement network = XmlElement.parse(NETWORK);
        assertThat(network.name()).isEqualTo("network");
        assertThat(network.attribute("xmlns:dnsmasq")).isEqualTo("http://libvirt.org/schemas/network/dnsmasq/1.0");
        assertThat(network.all("host"))
                .extracting(host -> host.attribute("mac"))
                .containsExactly("", "52:54:00:00:00:07");
        assertThat(network.all("hostname"))
                .extracting(XmlElement::text)
                .containsExactly("a&b", "a.default.berth.internal");
        assertThat(network.attribute("dnsmasq:option", "value")).isEqualTo("no-hosts");
        assertThat(network.attribute("range", "nothing")).isEmpty();
        assertThat(network.attribute("nothing", "value")).isEmpty();
    }

    @Test
    void textIsReadInOnePieceHoweverItIsWritten() {
        String escaped = "&quot;x&lt;".repeat(200_000);
        XmlElement element = XmlElement.parse("<a p:b='1' xmlns:p='u'>" + escaped + "<![CDATA[<&]]>é</a>");
        assertThat(element.text()).isEqualTo("\"x<".repeat(200_000) + "<&é");
        assertThat(element.attribute("p:b")).isEqualTo("1");
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        XmlElement network = XmlElement.parse(NETWORK);
        Xml xml = new Xml();
        network.write(xml);
        XmlElement again = XmlElement.parse(xml.toString());
        assertThat(again.attributes()).isEqualTo(network.attributes());
        assertThat(again.all("host")).isEqualTo(network.all("host"));
        assertThat(again.all("hostname")).isEqualTo(network.all("hostname"));
    }

    @Test
    void anOldNetworkKeepsAllButItsRulesAndLeases() {
        StaticLeases leases = new StaticLeases("berth0", Path.of("/leases"), () -> {});
        XmlElement now = XmlElement.parse(NetworkXml.current(NETWORK, leases));
        assertThat(NetworkXml.isCurrent(NETWORK, leases)).isFalse();
        assertThat(NetworkXml.isCurrent(NetworkXml.current(NETWORK, leases), leases))
                .isTrue();
        assertThat(NetworkXml.matches(
                        NetworkXml.current(NETWORK, leases),
                        new NetworkSpec(
                                UUID.fromString("6b2c4c1e-2f5b-4a55-9d3c-3a4f0c8f4b11"),
                                "berth0",
                                Cidr.parse("10.66.0.0/16"),
                                new Ipv4("10.66.0.1"),
                                "berth.internal")))
                .isTrue();
        assertThat(now.all("host")).isEmpty();
        assertThat(now.all("forward")).containsExactly(XmlElement.parse("<forward mode='open'/>"));
        assertThat(now.all("forwarder")).hasSize(1);
        assertThat(now.all("range")).isEqualTo(XmlElement.parse(NETWORK).all("range"));
        assertThat(now.all("dnsmasq:options")).hasSize(1);
        assertThat(now.all("uuid")).isEqualTo(XmlElement.parse(NETWORK).all("uuid"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><d>&e;</d>",
                "<!DOCTYPE d><d/>",
                "<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/d.dtd'><d/>",
                "<d>&e;</d>",
                "<d>",
                "<d/><d/>",
                "<d a='1' a='2'/>",
                "text",
                ""
            })
    void whatIsNotOneElementOrHasADocumentTypeIsRefused(String xml) {
        assertThatThrownBy(() -> XmlElement.parse(xml)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.AnchorTarget;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.Publication;
import dev.berth.instance.PublishedPort;
import dev.berth.kernel.Ipv4;
import dev.berth.ui.Formats;
import java.util.List;

/**
 * A published port as a link that opens in another tab. The node stands beside the controller, so what the browser calls the
 * panel is what it calls the node; a port of one address only is reached there.
 */
final class PortLink extends Span {
    private static final long serialVersionUID = 1L;
    private static final int HTTPS = 443;

    PortLink(PublishedPort port) {
        addClassName("port");
        if (port.protocol() == Publication.Protocol.UDP) {
            setText("port " + port.host() + "/udp");
            return;
        }
        Ipv4 address = port.address();
        Anchor link = new Anchor("", "port " + port.host(), AnchorTarget.BLANK);
        link.getElement().setAttribute("rel", "noopener noreferrer").setAttribute("router-ignore", true);
        link.addAttachListener(attached -> link.getElement()
                .executeJs(
                        "const url = $0 + '://' + ($1 || location.hostname) + ':' + $2; this.href = url; this.textContent = url",
                        port.instance() == HTTPS ? "https" : "http",
                        address == null ? "" : address.value(),
                        Integer.toString(port.host())));
        add(link);
    }

    /** The links of some ports, each with where it leads. */
    static Span all(List<PublishedPort> ports) {
        Span all = new Span();
        all.addClassName("ports");
        for (PublishedPort port : ports) {
            PortLink link = new PortLink(port);
            link.add(new Span(" → " + inside(port)));
            all.add(link);
        }
        return all;
    }

    /** The instance's port in words: {@code 80}, {@code 53/udp}. */
    static String inside(PublishedPort port) {
        String protocol = port.protocol() == null ? "tcp" : Formats.word(port.protocol());
        return port.instance() + (protocol.equals("tcp") ? "" : "/" + protocol);
    }
}

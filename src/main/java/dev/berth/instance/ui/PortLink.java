package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.AnchorTarget;
import com.vaadin.flow.component.html.Span;
import dev.berth.driver.Publication;
import dev.berth.instance.PublishedPort;
import dev.berth.ui.Formats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A published port as a link that opens in another tab. A node beside the controller is called what the browser calls the
 * panel, any other by its address; a port of one address only is reached there.
 */
final class PortLink extends Span {
    private static final long serialVersionUID = 1L;
    private static final int HTTPS = 443;

    /**
     * A link.
     *
     * @param node the node's address; null where it stands beside the controller
     */
    PortLink(PublishedPort port, @Nullable String node) {
        addClassName("port");
        if (port.protocol() == Publication.Protocol.UDP) {
            setText("port " + port.host() + "/udp");
            return;
        }
        String host = port.address() == null ? node : port.address().value();
        Anchor link = new Anchor("", "port " + port.host(), AnchorTarget.BLANK);
        link.getElement().setAttribute("rel", "noopener noreferrer").setAttribute("router-ignore", true);
        link.addAttachListener(attached -> link.getElement()
                .executeJs(
                        "const url = $0 + '://' + ($1 || location.hostname) + ':' + $2; this.href = url; this.textContent = url",
                        port.instance() == HTTPS ? "https" : "http",
                        host == null ? "" : bracketed(host),
                        Integer.toString(port.host())));
        add(link);
    }

    /** As a URL has it: with brackets around an IPv6 address. */
    private static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** The links of some ports, each with where it leads. */
    static Span all(List<PublishedPort> ports, @Nullable String node) {
        Span all = new Span();
        all.addClassName("ports");
        for (PublishedPort port : ports) {
            PortLink link = new PortLink(port, node);
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

package dev.berth.instance.ui;

import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.Publication;
import dev.berth.instance.PublishedPort;
import dev.berth.kernel.BerthException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Published ports as a text: {@code 8080:80, 5353:53/udp}. */
class PortsField extends TextField {
    private static final long serialVersionUID = 1L;
    private static final Pattern PORT = Pattern.compile("(\\d{1,5}):(\\d{1,5})(/tcp|/udp)?");

    PortsField() {
        super("Published ports");
        setPlaceholder("8080:80, 5353:53/udp");
        suit(List.of());
    }

    /** Says which ports an image has. */
    final void suit(List<String> exposed) {
        setHelperText("Port of the node, a colon, port of the instance"
                + (exposed.isEmpty() ? "" : "; this image listens on " + String.join(", ", exposed)));
    }

    List<PublishedPort> ports() {
        return Pattern.compile("[,\\s]+")
                .splitAsStream(getValue().strip())
                .filter(word -> !word.isEmpty())
                .map(PortsField::port)
                .toList();
    }

    private static PublishedPort port(String word) {
        Matcher matcher = PORT.matcher(word);
        if (!matcher.matches()) {
            throw BerthException.invalid(
                    "/publish", "'" + word + "' is no published port; write 8080:80 or 53:53/udp.");
        }
        return new PublishedPort(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                "/udp".equals(matcher.group(3)) ? Publication.Protocol.UDP : Publication.Protocol.TCP,
                null);
    }
}

package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.TextField;
import dev.berth.driver.Publication;
import dev.berth.instance.PublishedPort;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Ipv4;
import dev.berth.ui.Formats;
import dev.berth.ui.RefusedFields;
import java.util.Optional;

/** Fields of a port to be published; what is wrong with one stands below it. */
class PortForm extends Div {
    private static final long serialVersionUID = 1L;
    private static final int LAST_PORT = 65_535;
    private final IntegerField host = new IntegerField("Port of the node");
    private final IntegerField inside = new IntegerField("Port inside");
    private final Select<Publication.Protocol> protocol = new Select<>();
    private final TextField address = new TextField("Only on the address");

    PortForm() {
        addClassName("form");
        host.setPlaceholder("8080");
        inside.setPlaceholder("80");
        for (IntegerField port : new IntegerField[] {host, inside}) {
            port.setWidth("130px");
            port.setMin(1);
            port.setMax(LAST_PORT);
            port.setManualValidation(true);
            port.addValueChangeListener(change -> port.setInvalid(false));
        }
        protocol.setLabel("Protocol");
        protocol.setItems(Publication.Protocol.values());
        protocol.setItemLabelGenerator(Formats::word);
        protocol.setValue(Publication.Protocol.TCP);
        protocol.setWidth("100px");
        address.setPlaceholder("all of the node");
        address.setWidth("170px");
        address.setManualValidation(true);
        address.addValueChangeListener(change -> address.setInvalid(false));
        add(host, inside, protocol, address);
    }

    /** The port that is asked for; empty if fields are, which then say so. */
    Optional<PublishedPort> wanted() {
        if (host.getValue() == null) {
            RefusedFields.refuse(host, "From 1 to " + LAST_PORT + ".");
            return Optional.empty();
        }
        int target = inside.getValue() == null ? host.getValue() : inside.getValue();
        try {
            String text = address.getValue().strip();
            return Optional.of(new PublishedPort(
                    host.getValue(), target, protocol.getValue(), text.isEmpty() ? null : new Ipv4(text)));
        } catch (BerthException e) {
            RefusedFields.refuse(address, e.message());
            return Optional.empty();
        }
    }

    /** Does something with the port at an index of the list; a refusal of it is shown at its field. True if it was done. */
    boolean explain(int index, Runnable action) {
        try {
            action.run();
            return true;
        } catch (BerthException e) {
            String pointer = String.valueOf(e.details().get("pointer"));
            if (!pointer.startsWith("/publish/" + index + "/")) {
                throw e;
            }
            RefusedFields.refuse(
                    pointer.endsWith("/instance") ? inside : pointer.endsWith("/address") ? address : host,
                    e.message());
            return false;
        }
    }

    void clear() {
        host.clear();
        inside.clear();
        address.clear();
    }
}

package dev.berth.image.ui;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.image.Image;
import dev.berth.ui.Formats;

/** Offers an OCI image as one archive, in either form. */
class ExportDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    ExportDialog(Image image) {
        setHeaderTitle("Export " + image.name());
        setWidth("480px");
        Span size = new Span("About " + Formats.size(image.fileSize())
                + ". The node writes the archive first; the download begins when that is done.");
        size.addClassName("quiet");
        Div column = new Div(
                link(
                        image,
                        "oci",
                        "OCI image layout",
                        "for skopeo, podman, buildah, containerd, and for another Berth"),
                link(image, "docker", "docker save archive", "for docker load"),
                size);
        column.addClassName("fields");
        add(column);
        getFooter().add(new Button("Close", click -> close()));
    }

    private static Anchor link(Image image, String format, String label, String purpose) {
        Anchor anchor = new Anchor("/api/v1/images/" + image.id() + "/export?format=" + format);
        Span what = new Span(purpose);
        what.addClassName("quiet");
        anchor.add(VaadinIcon.DOWNLOAD.create(), new Div(new Div(label), what));
        anchor.addClassName("offer");
        anchor.getElement().setAttribute("download", true).setAttribute("router-ignore", true);
        return anchor;
    }
}

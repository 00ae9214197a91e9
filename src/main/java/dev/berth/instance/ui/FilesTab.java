package dev.berth.instance.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.NativeButton;
import com.vaadin.flow.component.html.Nav;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.access.Roles;
import dev.berth.driver.FileEntry;
import dev.berth.instance.InstanceAccess;
import dev.berth.instance.InstanceView;
import dev.berth.instance.Instances;
import dev.berth.kernel.BerthException;
import dev.berth.ui.Actions;
import dev.berth.ui.ConfirmDialog;
import dev.berth.ui.LiveUpdates;
import dev.berth.ui.Notices;
import dev.berth.ui.Viewer;
import java.util.List;
import java.util.UUID;

/** The files inside a container: directories to walk through, files to bring in and to take out, running or not. */
class FilesTab extends Div {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 10_000;
    private final transient Instances instances;
    private final transient InstanceAccess access;
    private final UUID id;
    private final Nav crumbs = new Nav();
    private final Div notice = new Div();
    private final FileUpload upload;
    private final FileGrid grid;
    private String directory = "/";

    FilesTab(Instances instances, InstanceAccess access, LiveUpdates live, UUID id) {
        this.instances = instances;
        this.access = access;
        this.id = id;
        InstanceView instance = instances.require(id);
        String content = "/api/v1/projects/" + instance.project() + "/instances/" + id + "/files/content";
        grid = new FileGrid(content, this::open, this::confirmDelete);
        upload = new FileUpload(content, () -> directory, () -> access.listFiles(instances.require(id), directory));
        addClassNames("panel", "files");
        if (!Viewer.may(Roles.OPERATOR)) {
            add(new Span("The files of an instance are shown to operators."));
            return;
        }
        crumbs.addClassNames("crumbs", "grow");
        crumbs.setAriaLabel("Directory");
        notice.addClassNames("notice", "warning");
        Div bar = new Div(
                crumbs,
                Actions.icon(VaadinIcon.REFRESH, "Read again", "", () -> list(directory)),
                Actions.text(VaadinIcon.FOLDER_ADD, "New directory", "", this::askDirectory),
                upload.chooser());
        bar.addClassName("bar");
        add(bar, upload, notice, grid);
        list("/");
        live.follow(
                this,
                event -> event.subject().id().equals(id) && event.type().startsWith("instance.file-"),
                false,
                () -> list(directory));
    }

    private void open(FileEntry entry) {
        list(entry.path());
    }

    /** Shows a directory; where that fails, what was shown stays and a line says why. */
    private void list(String path) {
        try {
            List<FileEntry> entries = access.listFiles(instances.require(id), path);
            if (isFile(path, entries)) {
                Notices.info("'" + name(path) + "' leads to a file. Its arrow downloads it.");
                return;
            }
            directory = path;
            grid.show(entries);
            showCrumbs();
            warn(entries.size() < MOST ? "" : "There is more in this directory; the first " + MOST + " are shown.");
        } catch (BerthException e) {
            warn(e.message());
        }
    }

    /** Of a path that is no directory, the list holds the entry itself. */
    private static boolean isFile(String path, List<FileEntry> entries) {
        return entries.size() == 1 && entries.getFirst().path().equals(path);
    }

    private void warn(String text) {
        notice.setText(text);
        notice.setVisible(!text.isEmpty());
    }

    private void showCrumbs() {
        crumbs.removeAll();
        crumbs.add(crumb("/", "/"));
        String path = "";
        for (String part : directory.split("/")) {
            if (!part.isEmpty()) {
                path += "/" + part;
                crumbs.add(crumb(part, path));
            }
        }
    }

    private NativeButton crumb(String text, String path) {
        NativeButton crumb = new NativeButton(text, click -> list(path));
        crumb.addClassName("crumb");
        crumb.setTitle(path);
        if (path.equals(directory)) {
            crumb.getElement().setAttribute("aria-current", "location");
        }
        return crumb;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String below(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    private void askDirectory() {
        new NameDialog("New directory", "Name", "Make", name -> {
                    FileUpload.checkName(name);
                    access.makeDirectory(
                            instances.require(id),
                            below(directory, name),
                            Viewer.current().caller());
                    list(directory);
                })
                .open();
    }

    private void confirmDelete(FileEntry entry) {
        String what = entry.type() == FileEntry.Type.DIRECTORY ? "directory, which has to be empty," : "file";
        new ConfirmDialog(
                        "Delete " + name(entry.path()),
                        "The " + what + " is removed for good.",
                        "Delete",
                        "Keep it",
                        () -> {
                            access.deleteFile(
                                    instances.require(id),
                                    entry.path(),
                                    Viewer.current().caller());
                            list(directory);
                        })
                .open();
    }
}

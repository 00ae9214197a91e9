package dev.berth.instance.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.Tag;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dependency.JsModule;
import com.vaadin.flow.component.icon.VaadinIcon;
import dev.berth.driver.FileEntry;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.ui.Actions;
import dev.berth.ui.Notices;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings files of the viewer's machine into a directory, through the REST API and with progress. What is there already is not
 * replaced unless the viewer says so, and keeps its mode.
 */
@Tag("berth-files")
@JsModule("./berth-files.ts")
class FileUpload extends Component {
    private static final long serialVersionUID = 1L;

    /**
     * Makes it.
     *
     * @param content address of the API's file contents
     * @param directory where files go by then
     * @param entries what lies there at this moment: what was shown may be older
     */
    FileUpload(String content, Supplier<String> directory, Supplier<List<FileEntry>> entries) {
        getElement().setProperty("target", content);
        // Asks before it sends, because only the controller knows what lies in the directory.
        getElement().addEventListener("chosen", event -> {
            try {
                take(directory.get(), entries.get());
            } catch (BerthException e) {
                getElement().callJsFunction("forget");
                Notices.error(e.message());
            }
        });
    }

    private void take(String directory, List<FileEntry> entries) {
        String there = BerthJson.mapper()
                .valueToTree(entries.stream()
                        .collect(Collectors.toMap(
                                entry -> FilesTab.name(entry.path()), FileUpload::described, (a, b) -> a)))
                .toString();
        getElement().callJsFunction("take", FilesTab.below(directory, ""), there);
    }

    /** The mode of a file that may be replaced; empty for what may not. */
    private static String described(FileEntry entry) {
        return entry.type() == FileEntry.Type.FILE ? Integer.toOctalString(entry.mode()) : "";
    }

    Button chooser() {
        Button button = Actions.inBrowser(VaadinIcon.UPLOAD, "Upload", this, "choose");
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        return button;
    }

    static void checkName(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw BerthException.invalid("/path", "A name is one part of a path: not empty, and without '/'.");
        }
    }
}

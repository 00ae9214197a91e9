package dev.berth.instance.ui;

import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.data.renderer.LitRenderer;
import dev.berth.driver.FileEntry;
import dev.berth.kernel.DataSize;
import dev.berth.ui.Formats;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** What lies in a directory. Only the rows in sight are sent to the browser, as templates: a directory may hold thousands. */
class FileGrid extends Grid<FileEntry> {
    private static final long serialVersionUID = 1L;
    private static final Comparator<FileEntry> DIRECTORIES_FIRST = Comparator.comparing(
                    (FileEntry entry) -> entry.type() != FileEntry.Type.DIRECTORY)
            .thenComparing(FileEntry::path);
    private final String content;
    private transient List<FileEntry> entries = List.of();

    /**
     * Makes an empty grid.
     *
     * @param content address of the API's file contents
     */
    FileGrid(String content, Consumer<FileEntry> open, Consumer<FileEntry> delete) {
        this.content = content;
        addColumn(name(open))
                .setHeader("Name")
                .setComparator(DIRECTORIES_FIRST)
                .setFlexGrow(1)
                .setWidth("142px");
        narrow(addColumn(FileGrid::size), "Size", 88)
                .setTextAlign(ColumnTextAlign.END)
                .setComparator(Comparator.comparingLong(FileEntry::size));
        narrow(addColumn(mode()), "Mode", 124).setComparator(Comparator.comparingInt(FileEntry::mode));
        narrow(addColumn(entry -> entry.uid() + ":" + entry.gid()), "Owner", 118)
                .setComparator(Comparator.comparingInt(FileEntry::uid).thenComparingInt(FileEntry::gid));
        narrow(addColumn(entry -> Formats.moment(entry.modifiedAt())), "Changed", 190)
                .setComparator(Comparator.comparing(FileEntry::modifiedAt));
        addColumn(tools(delete)).setWidth("84px").setFlexGrow(0).setFrozenToEnd(true);
        addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES);
        setSizeFull();
    }

    private static Column<FileEntry> narrow(Column<FileEntry> column, String header, int width) {
        return column.setHeader(header).setWidth(width + "px").setFlexGrow(0).setResizable(true);
    }

    void show(List<FileEntry> all) {
        setEmptyStateText("Nothing lies in this directory. Drop files here to upload them.");
        entries = all.stream().sorted(DIRECTORIES_FIRST).toList();
        setItems(entries);
    }

    private LitRenderer<FileEntry> name(Consumer<FileEntry> open) {
        return LitRenderer.<FileEntry>of("""
                        <span class="entry-name"><vaadin-icon class="kind" icon="vaadin:${item.icon}"></vaadin-icon>
                        ${item.opens ? html`<button class="link" title="${item.name}" @click="${open}">${item.name}</button>`
                            : item.get ? html`<a href="${item.get}" download router-ignore title="${item.name}">${item.name}</a>`
                            : html`<span title="${item.name}">${item.name}</span>`}
                        <span class="quiet">${item.target}</span></span>
                        """)
                .withProperty("icon", FileGrid::icon)
                .withProperty("name", entry -> FilesTab.name(entry.path()))
                .withProperty("opens", FileGrid::opens)
                .withProperty("get", this::address)
                .withProperty("target", entry -> entry.target() == null ? "" : "→ " + entry.target())
                .withFunction("open", open::accept);
    }

    private LitRenderer<FileEntry> tools(Consumer<FileEntry> delete) {
        return LitRenderer.<FileEntry>of("""
                        <div class="tools">${item.get ? html`<a class="tool" href="${item.get}" download router-ignore
                            aria-label="Download ${item.name}" title="Download"><vaadin-icon icon="vaadin:download"></vaadin-icon></a>` : ''}
                        <button class="tool" aria-label="Delete ${item.name}" title="Delete" @click="${remove}"><vaadin-icon
                            icon="vaadin:trash"></vaadin-icon></button></div>
                        """)
                .withProperty("get", this::address)
                .withProperty("name", entry -> FilesTab.name(entry.path()))
                .withFunction("remove", delete::accept);
    }

    private static LitRenderer<FileEntry> mode() {
        return LitRenderer.<FileEntry>of("<code title=\"${item.octal}\">${item.mode}</code>")
                .withProperty("mode", FileGrid::letters)
                .withProperty("octal", entry -> String.format("%04o", entry.mode()));
    }

    /** Directories, and links, which may lead to one. */
    private static boolean opens(FileEntry entry) {
        return entry.type() == FileEntry.Type.DIRECTORY || entry.type() == FileEntry.Type.LINK;
    }

    private static String icon(FileEntry entry) {
        return switch (entry.type()) {
            case FILE -> "file-o";
            case DIRECTORY -> "folder-o";
            case LINK -> "link";
            case OTHER -> "plug";
        };
    }

    /** Where its content is got; empty if it has none. */
    private String address(FileEntry entry) {
        return switch (entry.type()) {
            case FILE, LINK -> content + "?path=" + URLEncoder.encode(entry.path(), StandardCharsets.UTF_8);
            case DIRECTORY, OTHER -> "";
        };
    }

    private static String size(FileEntry entry) {
        return entry.type() == FileEntry.Type.FILE ? Formats.size(new DataSize(entry.size())) : "";
    }

    /** As {@code ls -l} writes it: {@code drwxr-xr-x}. */
    static String letters(FileEntry entry) {
        StringBuilder letters = new StringBuilder(
                switch (entry.type()) {
                    case FILE -> "-";
                    case DIRECTORY -> "d";
                    case LINK -> "l";
                    case OTHER -> "?";
                });
        for (int bit = 8; bit >= 0; bit--) {
            letters.append((entry.mode() & 1 << bit) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        special(letters, entry.mode() & 04000, 3, 's');
        special(letters, entry.mode() & 02000, 6, 's');
        special(letters, entry.mode() & 01000, 9, 't');
        return letters.toString();
    }

    private static void special(StringBuilder letters, int bit, int at, char letter) {
        if (bit != 0) {
            letters.setCharAt(at, letters.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }
}

package dev.berth.driver;

import java.util.List;
import java.util.UUID;

/**
 * Reads and writes files inside an instance, running or stopped. Paths are absolute and resolved inside its root, whatever
 * links say; nothing of the host can be reached.
 */
public interface FileAccess extends DriverCapability {
    /** What lies in a directory, by name, at most 10,000 entries; the entry itself for anything else. */
    List<FileEntry> listFiles(UUID id, String path);

    /** Reads a regular file, at most 4 MiB at once. */
    StoredImage.Chunk readFile(UUID id, String path, long offset, int length);

    /**
     * Writes a part of a file, at most 4 MiB at once; nothing is seen at the path before the last part.
     *
     * @param upload chosen by the caller, the same for all parts
     * @param offset where the part belongs; must be the size so far
     */
    void writeFile(UUID id, FileWrite write, byte[] data);

    /**
     * One part of an upload.
     *
     * @param mode permission bits of the file, owned by the container's root
     * @param last whether the file is complete now and takes its name
     */
    record FileWrite(String path, UUID upload, long offset, int mode, boolean last) {}

    /** Removes what there is of an upload to a path that will not be completed; success if there is none. */
    void dropUpload(UUID id, String path, UUID upload);

    void makeDirectory(UUID id, String path);

    /** Removes a file or an empty directory; success if it is gone. */
    void deleteFile(UUID id, String path);
}

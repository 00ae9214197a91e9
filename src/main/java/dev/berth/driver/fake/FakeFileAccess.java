package dev.berth.driver.fake;

import dev.berth.driver.FileAccess;
import dev.berth.driver.FileEntry;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Files inside fake containers. */
final class FakeFileAccess implements FileAccess {
    private static final int MOST = 4 << 20;
    private final FakeInstances instances;

    FakeFileAccess(FakeInstances instances) {
        this.instances = instances;
    }

    @Override
    public List<FileEntry> listFiles(UUID id, String path) {
        instances.behaviour.look("FileAccess.listFiles");
        return instances.require(id).container.files.list(path);
    }

    @Override
    public StoredImage.Chunk readFile(UUID id, String path, long offset, int length) {
        instances.behaviour.look("FileAccess.readFile");
        byte[] content = instances.require(id).container.files.read(path);
        if (offset < 0 || length < 1 || length > MOST) {
            throw BerthException.invalid("", "offset is not negative, length is between 1 and " + MOST + ".");
        }
        int from = (int) Math.min(offset, content.length);
        int to = Math.min(content.length, from + length);
        return new StoredImage.Chunk(Arrays.copyOfRange(content, from, to), to == content.length);
    }

    @Override
    public void writeFile(UUID id, FileWrite write, byte[] data) {
        instances.behaviour.change("FileAccess.writeFile");
        FakeContainer container = instances.require(id).container;
        if (data.length > MOST) {
            throw BerthException.of(ErrorCode.TOO_LARGE, "A part has at most " + MOST + " bytes.");
        }
        FakeFiles.clean(write.path());
        FakeFiles.Part part = container.parts.computeIfAbsent(write.upload(), upload -> new FakeFiles.Part());
        synchronized (part) {
            if (part.bytes.size() != write.offset()) {
                throw BerthException.of(
                                ErrorCode.WRONG_STATE, "The upload has " + part.bytes.size() + " bytes; go on there.")
                        .with("offset", part.bytes.size());
            }
            part.bytes.writeBytes(data);
        }
        if (write.last()) {
            container.parts.remove(write.upload());
            container.files.write(write.path(), part.bytes.toByteArray(), write.mode(), instances.clock.instant());
        }
    }

    @Override
    public void dropUpload(UUID id, String path, UUID upload) {
        instances.behaviour.change("FileAccess.dropUpload");
        instances.require(id).container.parts.remove(upload);
    }

    @Override
    public void makeDirectory(UUID id, String path) {
        instances.behaviour.change("FileAccess.makeDirectory");
        instances.require(id).container.files.makeDirectory(path, instances.clock.instant());
    }

    @Override
    public void deleteFile(UUID id, String path) {
        instances.behaviour.change("FileAccess.deleteFile");
        instances.require(id).container.files.delete(path);
    }
}

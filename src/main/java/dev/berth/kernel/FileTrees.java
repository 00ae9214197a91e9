package dev.berth.kernel;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes directories; follows no links. */
public final class FileTrees {
    private static final FilesAreDeleted DELETING = new FilesAreDeleted();

    private FileTrees() {}

    /** Removes a file or a directory with all that is in it; success if it is not there, or goes meanwhile. */
    public static void delete(Path path) throws IOException {
        while (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.walkFileTree(path, DELETING);
            } catch (NoSuchFileException e) {
                // Somebody else removed a part of it just then; what is left is for the next round.
                continue;
            }
            return;
        }
    }

    private static final class FilesAreDeleted extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}

package dev.berth.driver.lxc;

import dev.berth.driver.Committing;
import dev.berth.driver.ImageRef;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NodeFailures;
import dev.berth.driver.Progress;
import dev.berth.driver.ProgressSink;
import dev.berth.driver.StoredImage;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Makes an image of a container's changes. It stands still only while they are written to a file. */
final class ContainerCommit implements Committing {
    private static final int PIECE = 1 << 18;

    private final Containers containers;
    private final ContainerPlan plan;
    private final Launcher launcher;
    private final Standstill standstill;
    private final Surroundings.RootLayers layers;

    ContainerCommit(
            Containers containers,
            ContainerPlan plan,
            Launcher launcher,
            Standstill standstill,
            Surroundings.RootLayers layers) {
        this.containers = containers;
        this.plan = plan;
        this.launcher = launcher;
        this.standstill = standstill;
        this.layers = layers;
    }

    @Override
    public StoredImage commit(UUID id, CommitRequest request, ProgressSink progress) {
        return containers.answerLocked(id, () -> {
            InstanceDefinition definition = containers.definition(id);
            ImageRef base = ContainerPlan.image(definition);
            ContainerFiles files = containers.files(id);
            Path layer = files.directory().resolve("commit.tar");
            try {
                plan.refresh(definition, files);
                standstill.during(id, () -> write(files, layer, progress));
                return layers.commit(base, request, layer, progress);
            } finally {
                Trees.delete(layer);
            }
        });
    }

    private void write(ContainerFiles files, Path layer, ProgressSink progress) {
        Process process = launcher.changes(files);
        try (InputStream in = process.getInputStream();
                OutputStream out = Files.newOutputStream(layer)) {
            byte[] piece = new byte[PIECE];
            long done = 0;
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                out.write(piece, 0, count);
                done += count;
                progress.report(Progress.bytes("writing changes", done, 0));
            }
            if (process.waitFor() != 0) {
                throw BerthException.of(
                        ErrorCode.DRIVER_FAILED,
                        "The changes cannot be had: " + NodeFailures.shorten(complaint(process)));
            }
        } catch (IOException e) {
            throw NodeFailures.files("Writing the changes", e);
        } catch (InterruptedException e) {
            throw Failures.interrupted("Writing the changes", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String complaint(Process process) throws IOException {
        return new String(process.getErrorStream().readNBytes(1024), StandardCharsets.UTF_8);
    }
}

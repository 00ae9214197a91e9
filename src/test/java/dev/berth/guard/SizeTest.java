package dev.berth.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How big files, methods and constructors may get, as the style page says. */
class SizeTest {
    private static final int FILE = 400;
    private static final int METHOD = 60;
    private static final int PARAMETERS = 7;
    private static final int COLLABORATORS = 8;

    /** What may be bigger, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    @Test
    void filesStayReadable() {
        List<String> found = new ArrayList<>();
        for (Path file : Sources.files(Sources.MAIN, Sources.TEST)) {
            long lines = Sources.lines(file);
            if (lines > FILE) {
                found.add(file + ": " + lines + " lines");
            }
        }
        assertThat(found)
                .as("files over %d lines; split by responsibility, one capability or step in a file", FILE)
                .isEmpty();
    }

    @Test
    void methodsStayReadable() {
        List<String> found = new ArrayList<>();
        Sources.parse(Sources.files(Sources.MAIN, Sources.TEST), (task, unit) -> new Methods(task, unit, found).read());
        assertThat(found)
                .as(
                        "methods over %d lines, with more than %d parameters, or constructors with more than %d collaborators;"
                                + " name the steps, or group what belongs together in a record",
                        METHOD, PARAMETERS, COLLABORATORS)
                .isEmpty();
    }

    /** Reads one file's methods. */
    private static final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Methods(JavacTask task, CompilationUnitTree unit, List<String> found) {
            this.unit = unit;
            this.positions = Trees.instance(task).getSourcePositions();
            this.found = found;
        }

        void read() {
            scan(unit, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            String type = ((ClassTree) getCurrentPath().getParentPath().getLeaf())
                    .getSimpleName()
                    .toString();
            boolean constructor = method.getReturnType() == null;
            String name = type + (constructor ? "" : "." + method.getName());
            if (!EXCEPTIONS.containsKey(name)) {
                check(name, constructor, method);
            }
            return super.visitMethod(method, nothing);
        }

        private void check(String name, boolean constructor, MethodTree method) {
            long lines =
                    line(positions.getEndPosition(unit, method)) - line(positions.getStartPosition(unit, method)) + 1;
            if (lines > METHOD) {
                found.add(name + ": " + lines + " lines");
            }
            int limit = constructor ? COLLABORATORS : PARAMETERS;
            if (method.getParameters().size() > limit && !recordHeader()) {
                found.add(name + ": " + method.getParameters().size() + " parameters");
            }
        }

        /** A record's components are its data, not its collaborators. */
        private boolean recordHeader() {
            return getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}

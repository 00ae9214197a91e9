package dev.berth.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What every package and every test class declares. */
class PackagesTest {
    private static final Pattern COMMENT = Pattern.compile("(?s)^/\\*\\*.{20,}?\\*/\\s*@NullMarked\\s+package ");
    private static final Pattern NULL_MARKED = Pattern.compile("(?m)^@NullMarked\\s+package ");
    private static final Pattern VAGUE = Pattern.compile("\\w+(Util|Utils|Helper|Manager|Impl)\\.java");

    @Test
    void everyPackageSaysWhatItIs() {
        assertThat(packagesWithout(COMMENT, Sources.MAIN))
                .as("packages whose package-info.java does not say what they are")
                .isEmpty();
    }

    @Test
    void nothingIsNullUnlessMarked() {
        assertThat(packagesWithout(NULL_MARKED, Sources.MAIN, Sources.TEST))
                .as("packages whose package-info.java lacks @NullMarked; without it NullAway does not look")
                .isEmpty();
    }

    private static List<Path> packagesWithout(Pattern pattern, Path... roots) {
        return Sources.files(roots).stream()
                .map(Path::getParent)
                .distinct()
                .filter(directory -> !pattern.matcher(packageInfo(directory)).find())
                .toList();
    }

    @Test
    void namesAreTheFieldsOwn() {
        List<Path> vague = Sources.files(Sources.MAIN, Sources.TEST).stream()
                .filter(file -> VAGUE.matcher(file.getFileName().toString()).matches())
                .toList();
        assertThat(vague)
                .as("Util, Helper, Manager and Impl say nothing; name what it does in the words of the field")
                .isEmpty();
    }

    @Test
    void mostTestsNeedNoApplication() {
        List<Path> tests = Sources.files(Sources.TEST).stream()
                .filter(file -> file.toString().endsWith("Test.java"))
                .toList();
        List<Path> heavy = tests.stream()
                .filter(file -> text(file).contains("\n@QuarkusTest\n"))
                .toList();
        assertThat(heavy.size() * 100 / tests.size())
                .as("percentage of test classes that start the application (at most 40): %s", heavy)
                .isLessThanOrEqualTo(40);
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern mark = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b|@Dis" + "abled");
        List<Path> marked = Sources.files(Sources.MAIN, Sources.TEST).stream()
                .filter(file -> mark.matcher(text(file)).find())
                .toList();
        assertThat(marked)
                .as("marks of unfinished work; finish it, or file an issue")
                .isEmpty();
    }

    private static String packageInfo(Path directory) {
        Path file = directory.resolve("package-info.java");
        return Files.exists(file) ? text(file) : "";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

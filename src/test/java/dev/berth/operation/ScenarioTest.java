package dev.berth.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the scenarios in {@code src/test/resources/scenarios}: what happens, a line {@code ---}, and the log that must come of
 * it. {@link Simulation} says what the commands mean.
 */
class ScenarioTest {
    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");
    private static final List<String> STEPS = List.of("one", "two", "three");

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(SCENARIOS)) {
            files = list.sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(25);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        Objects.requireNonNull(file.getFileName()).toString(), () -> play(Files.readString(file))));
    }

    private static void play(String text) {
        String[] halves = text.split("(?m)^---\n", 2);
        Simulation simulation = new Simulation();
        halves[0]
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> command(simulation, line.strip().split(" +")));
        assertThat(simulation.log()).containsExactly(halves[1].lines().toArray(String[]::new));
    }

    private static void command(Simulation simulation, String[] words) {
        switch (words[0]) {
            case "downgrade", "upgrade" -> simulation.know(words[0].equals("upgrade"));
            case "brief" -> simulation.driver().brief(words[1]);
            case "uncancelable" -> simulation.uncancelable();
            case "submit" -> simulation.submit(words[1], words.length > 2 ? words[2] : words[1], STEPS);
            case "fail" ->
                simulation.driver().next(words[1], step(words), number(words), words[words.length - 1], Duration.ZERO);
            case "hang" ->
                simulation
                        .driver()
                        .next(
                                words[1],
                                step(words),
                                number(words),
                                "deadline-exceeded",
                                Duration.parse("PT" + words[words.length - 1]));
            case "crash", "freeze", "cut" -> simulation.trap(words[1] + " " + words[2], words[0]);
            case "cancel" -> {
                if (words.length > 2) {
                    simulation.trap(words[1] + " " + words[2], "cancel");
                } else {
                    simulation.cancel(words[1]);
                }
            }
            case "start" -> simulation.startController();
            case "run" -> simulation.run(words.length > 1 ? Duration.parse("PT" + words[1]) : null);
            default -> throw new IllegalArgumentException("no command " + String.join(" ", words));
        }
    }

    /** {@code fail a [undo] two 3x no-capacity}: the step, with "undo" before it where that is what fails. */
    private static String step(String[] words) {
        return words[2].equals("undo") ? "undo " + words[3] : words[2];
    }

    private static int number(String[] words) {
        return Arrays.stream(words)
                .filter(word -> word.matches("\\d+x"))
                .mapToInt(word -> Integer.parseInt(word.substring(0, word.length() - 1)))
                .findFirst()
                .orElse(1);
    }

    /** A controller that dies once, and one that dies twice, at every place there is, on the good way and on each bad one. */
    @TestFactory
    Stream<DynamicTest> everyPlace() {
        return Stream.of("", "one", "two").flatMap(brief -> Stream.of("", "one", "two", "three")
                .map(failing -> DynamicTest.dynamicTest(
                        "brief: " + brief + ", fails: " + failing, () -> everyPlace(new Setting(brief, failing)))));
    }

    private static void everyPlace(Setting setting) {
        Simulation undisturbed = setting.simulation();
        undisturbed.run(null);
        List<String> places = List.copyOf(undisturbed.places());
        assertThat(places).hasSizeGreaterThan(3);
        for (String first : places) {
            check(setting, List.of(first));
            for (String second : places) {
                check(setting, List.of(first, second));
            }
        }
    }

    /** Which step is brief, and which one fails; nothing where none is. */
    private record Setting(String brief, String failing) {
        Simulation simulation() {
            Simulation simulation = new Simulation();
            simulation.driver().brief(brief);
            simulation.submit("a", "q", STEPS);
            simulation.submit("b", "q", STEPS);
            if (!failing.isEmpty()) {
                simulation.driver().next("a", failing, 3, "no-capacity", Duration.ZERO);
            }
            return simulation;
        }
    }

    private static void check(Setting setting, List<String> deaths) {
        Simulation simulation = setting.simulation();
        deaths.forEach(place -> simulation.trap(place, "crash"));
        for (int i = 0; i <= deaths.size(); i++) {
            simulation.run(null);
            simulation.startController();
        }
        boolean good = setting.failing().isEmpty();
        List<String> exist = new ArrayList<>(good ? List.of("a/one", "a/three", "a/two") : List.of());
        exist.addAll(List.of("b/one", "b/three", "b/two"));
        assertThat(simulation.driver().world()).as("after deaths at %s", deaths).containsExactlyElementsOf(exist);
        assertThat(simulation.driver().ended())
                .as("after deaths at %s", deaths)
                .containsExactly("a " + (good ? "SUCCEEDED" : "FAILED"), "b SUCCEEDED");
        assertThat(simulation.operation("a").waitingFor()).isNull();
    }
}

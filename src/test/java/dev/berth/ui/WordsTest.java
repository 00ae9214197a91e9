package dev.berth.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.kernel.BerthException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands as people write them. */
class WordsTest {
    @Test
    void spacesSeparateAndQuotesHoldTogether() {
        assertThat(Words.split("  nginx -g  'daemon off;' \"a b\" c\\ d ''", "/command"))
                .containsExactly("nginx", "-g", "daemon off;", "a b", "c d", "");
        assertThat(Words.split("   ", "/command")).isEmpty();
    }

    @Test
    void backslashesArePlainInSingleQuotes() {
        assertThat(Words.split("echo 'a\\nb' \"say \\\"hi\\\"\"", "/command"))
                .containsExactly("echo", "a\\nb", "say \"hi\"");
    }

    @Test
    void quoteThatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> Words.split("echo 'a", "/command"))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("not closed");
    }

    @Test
    void whatIsJoinedIsSplitIntoTheSame() {
        List<String> words = List.of("sh", "-c", "echo \"it's\" $HOME\\n; exit 3", "", "/bin/x=1");
        assertThat(Words.split(Words.join(words), "/command")).isEqualTo(words);
        assertThat(Words.join(List.of("nginx", "-g", "daemon off;"))).isEqualTo("nginx -g 'daemon off;'");
    }
}

package dev.berth.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "web-1", "0", "a23456789012345678901234567890123456789012345678901234567890123"})
    void acceptsDnsLabels(String name) {
        assertThat(new ResourceName(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "Web",
                "a_b",
                "a.b",
                "a b",
                "../x",
                "<x>",
                "é",
                "a\n",
                "a234567890123456789012345678901234567890123456789012345678901234"
            })
    void refusesEverythingElse(String name) {
        assertThatThrownBy(() -> new ResourceName(name))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void refusesWhatLooksLikeAnId() {
        assertThatThrownBy(() -> new ResourceName("018f3c1e-0000-7000-8000-000000000000"))
                .hasMessageContaining("UUID");
    }
}

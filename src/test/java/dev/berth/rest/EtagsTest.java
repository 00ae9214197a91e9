package dev.berth.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.Versioned;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that go out with resources and come back with changes. */
class EtagsTest {
    private static final Thing SEVEN = new Thing(7);

    private record Thing(long version) implements Versioned {}

    @Test
    void whatIsShownCarriesItsVersion() {
        assertThat(Etags.shown(SEVEN).getHeaderString("ETag")).isEqualTo("\"7\"");
    }

    @Test
    void whatIsMadeSaysWhereItIs() {
        UUID id = UUID.randomUUID();
        RestResponse<Thing> made = Etags.made("things", id, SEVEN);
        assertThat(made.getStatus()).isEqualTo(201);
        assertThat(made.getHeaderString("Location")).isEqualTo("/api/v1/things/" + id);
        assertThat(made.getHeaderString("ETag")).isEqualTo("\"7\"");
        assertThat(made.getEntity()).isSameAs(SEVEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "*", "\"6\", \"7\""})
    void whoKnowsThePresentVersionMayChange(String ifMatch) {
        assertThat(Etags.seen(ifMatch, SEVEN)).isSameAs(SEVEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"6\"", "7", "\"77\"", "W/\"7\""})
    void whoSawAnotherVersionIsToldThePresentOne(String ifMatch) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> Etags.seen(ifMatch, SEVEN))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ETAG_MISMATCH))
                .satisfies(refused -> assertThat(refused.details()).containsEntry("etag", "\"7\""));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = " ")
    void whoSaysNothingMayNot(String ifMatch) {
        assertThatExceptionOfType(BerthException.class)
                .isThrownBy(() -> Etags.seen(ifMatch, SEVEN))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ETAG_REQUIRED));
    }
}

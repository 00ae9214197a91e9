package dev.berth.image.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.kernel.ErrorCode;
import dev.berth.operation.OperationView;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a failed transfer leads to depends on codes, never on the words of its message. */
class RegistryRemedyTest {
    private static RegistryRemedy of(ErrorCode code, Map<String, Object> details) {
        return RegistryRemedy.of(new OperationView.Failure(code.slug(), "whatever it says", details));
    }

    @Test
    void eachRefusalHasItsOwn() {
        assertThat(of(ErrorCode.FORBIDDEN, Map.of())).isEqualTo(RegistryRemedy.LOG_IN);
        assertThat(of(ErrorCode.ADDRESS_REFUSED, Map.of())).isEqualTo(RegistryRemedy.ALLOW_PRIVATE);
        assertThat(of(ErrorCode.IMAGE_REFUSED, Map.of("reason", "no-tls"))).isEqualTo(RegistryRemedy.ALLOW_PLAIN_HTTP);
    }

    @Test
    void othersHaveNone() {
        assertThat(of(ErrorCode.IMAGE_REFUSED, Map.of())).isEqualTo(RegistryRemedy.NONE);
        assertThat(of(ErrorCode.NOT_FOUND, Map.of("reason", "no-tls"))).isEqualTo(RegistryRemedy.NONE);
    }
}

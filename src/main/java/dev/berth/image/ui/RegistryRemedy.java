package dev.berth.image.ui;

import dev.berth.kernel.ErrorCode;
import dev.berth.operation.OperationView;

/** What an admin can say about a registry so that the next try succeeds. */
enum RegistryRemedy {
    NONE(""),
    LOG_IN("Add a login"),
    ALLOW_PLAIN_HTTP("Allow plain HTTP"),
    ALLOW_PRIVATE("Allow its private address");

    private final String label;

    RegistryRemedy(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static RegistryRemedy of(OperationView.Failure failure) {
        String code = failure.code();
        if (code.equals(ErrorCode.FORBIDDEN.slug())) {
            return LOG_IN;
        }
        if (code.equals(ErrorCode.ADDRESS_REFUSED.slug())) {
            return ALLOW_PRIVATE;
        }
        // The node tells a registry without TLS from one that is broken; both are refused images.
        boolean noTls = "no-tls".equals(failure.details().get("reason"));
        return code.equals(ErrorCode.IMAGE_REFUSED.slug()) && noTls ? ALLOW_PLAIN_HTTP : NONE;
    }
}

package dev.berth.kernel;

import java.util.Locale;

/** Stable, machine-readable reasons for a refusal or failure; the REST layer maps each category to one HTTP status. */
public enum ErrorCode {
    INVALID_ARGUMENT(Category.USER),
    UNKNOWN_FIELD(Category.USER),
    MALFORMED_BODY(Category.USER),
    IMAGE_REFUSED(Category.USER),
    CHECKSUM_MISMATCH(Category.USER),
    ADDRESS_REFUSED(Category.USER),
    IDEMPOTENCY_MISMATCH(Category.UNPROCESSABLE),
    UNAUTHENTICATED(Category.UNAUTHENTICATED),
    THROTTLED(Category.THROTTLED),
    FORBIDDEN(Category.FORBIDDEN),
    ORIGIN_REFUSED(Category.FORBIDDEN),
    QUOTA_EXCEEDED(Category.FORBIDDEN),
    NOT_FOUND(Category.NOT_FOUND),
    NAME_TAKEN(Category.CONFLICT),
    WRONG_STATE(Category.CONFLICT),
    PROTECTED(Category.CONFLICT),
    IN_USE(Category.CONFLICT),
    CANCELLED(Category.CONFLICT),
    ETAG_MISMATCH(Category.PRECONDITION_FAILED),
    ETAG_REQUIRED(Category.PRECONDITION_REQUIRED),
    TOO_LARGE(Category.TOO_LARGE),
    NO_CAPACITY(Category.CAPACITY),
    OUT_OF_SPACE(Category.CAPACITY),
    NODE_UNAVAILABLE(Category.UNAVAILABLE),
    HYPERVISOR_UNAVAILABLE(Category.UNAVAILABLE),
    DATABASE_UNAVAILABLE(Category.UNAVAILABLE),
    DEADLINE_EXCEEDED(Category.TIMEOUT),
    UNSUPPORTED(Category.UNSUPPORTED),
    DRIVER_FAILED(Category.INTERNAL),
    INTERNAL(Category.INTERNAL);

    /** Groups of codes that are handled alike by clients; one HTTP status each. */
    public enum Category {
        USER,
        UNPROCESSABLE,
        UNAUTHENTICATED,
        THROTTLED,
        FORBIDDEN,
        NOT_FOUND,
        CONFLICT,
        PRECONDITION_FAILED,
        PRECONDITION_REQUIRED,
        TOO_LARGE,
        CAPACITY,
        UNAVAILABLE,
        TIMEOUT,
        UNSUPPORTED,
        INTERNAL;

        /** Whether the same call may succeed later without anybody doing something about it: what it needs is away. */
        public boolean isTransient() {
            return this == UNAVAILABLE || this == TIMEOUT;
        }
    }

    private final Category category;

    ErrorCode(Category category) {
        this.category = category;
    }

    public Category category() {
        return category;
    }

    /** The code as it stands in {@code problem+json} and URLs, for example {@code quota-exceeded}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

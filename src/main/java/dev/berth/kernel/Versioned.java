package dev.berth.kernel;

/** A resource whose every change gives it another version, by which a sender says what it has seen. */
public interface Versioned {
    long version();
}

package dev.berth.driver;

/** What an instance is made of. */
public enum InstanceKind {
    VM,
    CONTAINER
}

package dev.berth.ffi;

/** The loaded liblxc; loading fails with {@link UnsatisfiedLinkError} where it is not installed. */
final class Lxc {
    static final LxcLibrary LIBRARY = LxcLibrary.load();

    private Lxc() {}
}

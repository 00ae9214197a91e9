package dev.berth.driver;

/** What a console shows. */
public enum ConsoleKind {
    /** A text terminal on the first serial port. */
    SERIAL,
    /** The display, as an RFB (VNC) byte stream. */
    GRAPHICAL,
    /** The terminal or the streams of a container's own process. */
    ATTACH,
    /** A shell that is started for it inside a container. */
    SHELL
}

package dev.berth.oci;

/** Text of others in our own messages. */
final class Texts {
    private static final int SHOWN = 120;

    private Texts() {}

    /** One short line of it, without control characters. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "'" + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + "'";
    }
}

package dev.berth.driver.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A vendor's list of checksums: lines of {@code sha256sum}, of {@code sha512sum}, or in BSD's form. */
final class ChecksumList {
    private static final Pattern GNU = Pattern.compile("([0-9a-fA-F]{64}|[0-9a-fA-F]{128}) [ *](?:\\./)?(\\S+)\\s*");
    private static final Pattern BSD =
            Pattern.compile("SHA(?:256|512) \\((\\S+)\\) = ([0-9a-fA-F]{64}|[0-9a-fA-F]{128})\\s*");
    static final long MOST_BYTES = 1 << 20;

    private ChecksumList() {}

    /** The digest of a file in hexadecimal, as long as its algorithm makes it; IMAGE_REFUSED if none is listed. */
    static String digestOf(String name, Path list) throws IOException {
        for (String line : Files.readString(list, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            Matcher gnu = GNU.matcher(line);
            if (gnu.matches() && gnu.group(2).equals(name)) {
                return gnu.group(1).toLowerCase(Locale.ROOT);
            }
            Matcher bsd = BSD.matcher(line);
            if (bsd.matches() && bsd.group(1).equals(name)) {
                return bsd.group(2).toLowerCase(Locale.ROOT);
            }
        }
        throw ImageHeader.refused("The vendor's list of checksums does not name '" + name + "'.");
    }
}

package dev.berth.driver;

/**
 * What an executed command came to.
 *
 * @param exitCode 0 to 255; 128 and the signal's number if a signal ended it; 126 and 127 if it could not be started
 * @param stdout at most 1 MiB
 * @param stderr at most 1 MiB
 * @param truncated whether it said more than that
 */
public record ExecResult(int exitCode, String stdout, String stderr, boolean truncated) {}

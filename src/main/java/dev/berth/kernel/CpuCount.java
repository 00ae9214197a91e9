package dev.berth.kernel;

/** A number of virtual CPUs, from 1 to 512. */
public record CpuCount(int value) {
    public CpuCount {
        if (value < 1 || value > 512) {
            throw BerthException.of(
                    ErrorCode.INVALID_ARGUMENT, "A CPU count is a whole number from 1 to 512, not " + value + ".");
        }
    }
}

package dev.berth.driver;

import java.util.List;

/** Samples all running instances at once, from sources that cost little. */
public interface Statistics extends DriverCapability {
    List<Sample> sampleAll();
}

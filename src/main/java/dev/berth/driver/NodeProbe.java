package dev.berth.driver;

/** Tells what a node is and how busy it is. */
public interface NodeProbe {
    NodeFacts facts();

    NodeUsage usage();
}

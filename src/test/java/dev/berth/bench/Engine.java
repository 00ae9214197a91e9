package dev.berth.bench;

import java.nio.file.Path;

/** Something that runs containers, as its own command line or API is used. */
interface Engine {
    /** Words for the table. */
    String label();

    /**
     * Makes the image {@code box} known: busybox that sleeps.
     *
     * @param box what it is made of
     */
    void prepare(BoxImage box) throws Exception;

    /** Makes and starts a container from {@code box}; returns when its process runs. */
    void run(String name) throws Exception;

    /** Runs {@code true} in it. */
    void exec(String name) throws Exception;

    void remove(String name) throws Exception;

    /** Pulls an image of a registry on loopback that is not there yet; false if this engine has no registries. */
    boolean pull(String reference) throws Exception;

    /** Where images and containers lie, for what they take of the disk. */
    Path data();

    /** The word in the command lines of the processes that it keeps for each container. */
    String supervisor();
}

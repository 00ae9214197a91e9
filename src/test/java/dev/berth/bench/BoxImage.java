package dev.berth.bench;

import java.nio.file.Path;

/**
 * The same image in the forms that the engines take.
 *
 * @param reference in a registry on loopback
 * @param rootfs its files in a directory
 */
record BoxImage(String reference, Path rootfs) {}

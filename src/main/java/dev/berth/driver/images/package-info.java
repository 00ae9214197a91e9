/**
 * The image store of a node: files below {@code <state>/images}, each named by its UUID and beside it a small JSON file.
 *
 * <p>What arrives from outside is hostile until proven otherwise. Our own header parser looks at it first and refuses
 * everything that could make a later reader open another file (backing and data files, VMDK extents) or that has two faces;
 * only then does {@code qemu-img} see it, under limits, with the format given. An import works in a directory of its own
 * and moves the result into place at the end, so a refused or interrupted one leaves nothing.
 */
@NullMarked
package dev.berth.driver.images;

import org.jspecify.annotations.NullMarked;

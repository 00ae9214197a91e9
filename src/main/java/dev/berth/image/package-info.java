/** Images: what instances are made from. Imported once, inspected, immutable ever after. */
@NullMarked
package dev.berth.image;

import org.jspecify.annotations.NullMarked;

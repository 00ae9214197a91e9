@NullMarked
package dev.berth.kernel;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.berth.quota;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.berth.event;

import org.jspecify.annotations.NullMarked;

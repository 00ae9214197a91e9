@NullMarked
package dev.berth.operation;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.berth.instance;

import org.jspecify.annotations.NullMarked;

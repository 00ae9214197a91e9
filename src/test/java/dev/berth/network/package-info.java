@NullMarked
package dev.berth.network;

import org.jspecify.annotations.NullMarked;

/** House rules as checks: who may use whom, how big things get, what every package declares. */
@NullMarked
package dev.berth.guard;

import org.jspecify.annotations.NullMarked;

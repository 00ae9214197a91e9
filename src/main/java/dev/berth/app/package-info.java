/**
 * Bootstrap: the program's entry, the database it starts by default, and what ties the features together. Sees everything,
 * is seen by none.
 */
@NullMarked
package dev.berth.app;

import org.jspecify.annotations.NullMarked;

/** Views of {@link dev.berth.storage}. */
@NullMarked
package dev.berth.storage.ui;

import org.jspecify.annotations.NullMarked;

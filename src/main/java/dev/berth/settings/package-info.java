/**
 * Settings that no feature owns, and the sentence that every setting carries. Each component has one typed interface of its
 * settings with unit, default and meaning; docs/configuration.md is made from them, so a setting cannot be undocumented.
 */
@NullMarked
package dev.berth.settings;

import org.jspecify.annotations.NullMarked;

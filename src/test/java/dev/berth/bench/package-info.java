/**
 * Figures, measured on the packaged application from outside, as {@code infra/bench} prints them. Nothing here passes or
 * fails: machines differ and are noisy, so the figures that matter are ratios within one run.
 */
@NullMarked
package dev.berth.bench;

import org.jspecify.annotations.NullMarked;

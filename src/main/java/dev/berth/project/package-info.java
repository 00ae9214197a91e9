/** Projects: the unit of ownership and quota; every instance belongs to one, {@code default} always exists. */
@NullMarked
package dev.berth.project;

import org.jspecify.annotations.NullMarked;

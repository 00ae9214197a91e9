@NullMarked
package dev.berth.sql;

import org.jspecify.annotations.NullMarked;

/** Tests of statements. */
@org.jspecify.annotations.NullMarked
package dev.berth.sql;

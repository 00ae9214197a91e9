/**
 * Jackson mapping of kernel and SPI value types, shared by the wire, the REST API and JSON columns, so that a type looks
 * the same everywhere. Kernel and SPI stay free of Jackson (they depend on the JDK only).
 */
@NullMarked
package dev.berth.json;

import org.jspecify.annotations.NullMarked;

/**
 * One filter grammar for the API's {@code filter} parameter and the search fields of the UI, and its translation to SQL.
 *
 * <p>It is a package of its own because feature roots query with it, and those do not depend on the web layer.
 */
@NullMarked
package dev.berth.filter;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.berth.rest;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.berth.driver.images;

import org.jspecify.annotations.NullMarked;

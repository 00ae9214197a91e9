/** Tests of the container driver, on real liblxc. */
@NullMarked
package dev.berth.driver.lxc;

import org.jspecify.annotations.NullMarked;

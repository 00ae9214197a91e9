/** Tests of the packet filter, with real traffic between network namespaces and bridges of their own. */
@NullMarked
package dev.berth.driver.nft;

import org.jspecify.annotations.NullMarked;

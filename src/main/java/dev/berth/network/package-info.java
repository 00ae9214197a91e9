/** Virtual networks and the addresses in them. The panel decides every address; the node's DHCP server hands it out. */
@NullMarked
package dev.berth.network;

import org.jspecify.annotations.NullMarked;

/**
 * The driver SPI over gRPC: {@link dev.berth.wire.DriverEndpoint} serves a node's drivers, {@link dev.berth.wire.RemoteNode}
 * is the same interfaces on the other side. Nobody above knows which of the two he has.
 *
 * <p>The SPI's own interfaces and records are the protocol: every method of an SPI interface becomes a gRPC method
 * {@code berth.<Interface>/<method>}, its arguments a JSON array, byte arrays attached raw behind it. So there is one set of
 * types and no generated code, at the price that both sides have to be of about the same version. In-process, unix socket
 * and mutual TLS differ in how the channel is made, and in nothing else.
 */
@NullMarked
package dev.berth.wire;

import org.jspecify.annotations.NullMarked;

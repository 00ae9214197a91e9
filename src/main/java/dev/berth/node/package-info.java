/**
 * The hosts: which there are, whether they can be reached, what they are and how busy. The only feature that knows that
 * nodes are remote; everybody else asks {@link dev.berth.node.Nodes} for a node's drivers and calls them.
 *
 * <p>Each node has a watcher with threads of its own, so that a node that hangs delays nobody else. Features that care
 * implement {@link dev.berth.node.NodeListener}.
 */
@NullMarked
package dev.berth.node;

import org.jspecify.annotations.NullMarked;

/**
 * What the views of all features share: the frame around them, who is looking, live updates, and components.
 *
 * <p>Views call feature services directly and never a hypervisor. Everything live comes from the event feed: a component
 * says which events concern it, and is refreshed at most a few times per second, whoever caused the change.
 */
@NullMarked
package dev.berth.ui;

import org.jspecify.annotations.NullMarked;

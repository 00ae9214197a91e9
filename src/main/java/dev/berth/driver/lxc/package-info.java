/**
 * The driver of containers: liblxc through {@code berth-launch}.
 *
 * <p>{@link dev.berth.driver.lxc.LxcDriver} is the core; each capability is one small class beside it, as in the driver of
 * virtual machines. One container is one directory {@code containers/<uuid>}: its definition, its range of ids, the image of
 * its writable layer, the plan of its next start, and what its supervisor writes (status, exit, socket, log). Nothing else is
 * remembered, so that a killed agent finds everything again; containers and their supervisors do not notice.
 *
 * <p>What forks (start, exec) is done by {@code berth-launch}, a program that the driver keeps running; what does not (freeze, limits)
 * goes through {@code dev.berth.ffi}. No value of a definition becomes text of a configuration file: the plan is a list of
 * zero-terminated strings, and its few texts ({@code resolv.conf}, {@code hosts}) are made of checked addresses and names.
 *
 * <p>Whether a container is meant to run is a file too ({@code wanted}): it is there from the start until somebody stops the
 * container on purpose. An end with it is the process's own doing, and the restart policy decides what follows; also after
 * the agent or the whole node was restarted.
 *
 * <p>What belongs to others comes in through {@link dev.berth.driver.lxc.Surroundings}: layers of images, volumes, networks
 * and the rules of a port.
 */
@NullMarked
package dev.berth.driver.lxc;

import org.jspecify.annotations.NullMarked;

/**
 * Containers from outside, on the packaged application with real LXC: everything is asked for by REST, every image comes from
 * a real registry on loopback, and what must not be left over is looked for on the host itself.
 *
 * <p>One installation serves a whole class, because starting controller and database costs more than most tests. Images are
 * made of the distribution's static busybox, so that nothing has to be fetched.
 */
@NullMarked
package dev.berth.container;

import org.jspecify.annotations.NullMarked;

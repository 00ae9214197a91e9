/**
 * Volumes: file systems that containers mount, share and outlive.
 *
 * <p>A volume belongs to a project and lies on one node. Those that an image asks for ({@code VOLUME}) are made with their
 * instance, named {@code <instance>-<n>}, and go with it unless somebody keeps them; all others are made and removed by
 * people only. Their sizes count on the project's {@code DISK} quota. Instances build on volumes and not the other way
 * round: what uses a volume is asked through {@link dev.berth.storage.VolumeUsers}.
 */
@NullMarked
package dev.berth.storage;

import org.jspecify.annotations.NullMarked;

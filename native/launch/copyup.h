/*
 * Copy-up: an empty volume is filled with what the image has at the volume's target.
 */
#pragma once

/*
 * Fills the volume, a detached mount, from target inside root, unless it holds something already. Nothing at target is
 * no error. Ownership, modes, times, access lists, capabilities and the users' attributes are kept; devices are left
 * out. An interrupted fill is done anew the next time, and a failed one leaves the volume empty.
 */
int copyup(int root, const char *target, int volume);

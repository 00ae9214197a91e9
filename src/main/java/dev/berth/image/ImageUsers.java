package dev.berth.image;

import java.util.Map;
import java.util.UUID;

/** What is made of images. Implemented by whoever makes it, because images know of nobody. */
public interface ImageUsers {
    /** How many containers are made of each image; images without any are left out. */
    Map<UUID, Integer> containersByImage();
}

package dev.berth.instance.ui;

import dev.berth.image.Images;
import dev.berth.instance.InstanceCreation;
import dev.berth.project.Projects;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes create dialogs with what they need. */
@ApplicationScoped
class CreateDialogs {
    private final Images images;
    private final Projects projects;
    private final InstanceCreation creation;

    CreateDialogs(Images images, Projects projects, InstanceCreation creation) {
        this.images = images;
        this.projects = projects;
        this.creation = creation;
    }

    CreateDialog create() {
        return new CreateDialog(images, projects, creation);
    }
}

package dev.berth.instance.ui;

import dev.berth.image.Images;
import dev.berth.instance.InstanceCreation;
import dev.berth.node.Nodes;
import dev.berth.project.Projects;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes create dialogs with what they need. */
@ApplicationScoped
class CreateDialogs {
    private final Images images;
    private final Projects projects;
    private final Nodes nodes;
    private final InstanceCreation creation;

    CreateDialogs(Images images, Projects projects, Nodes nodes, InstanceCreation creation) {
        this.images = images;
        this.projects = projects;
        this.nodes = nodes;
        this.creation = creation;
    }

    CreateDialog create() {
        return new CreateDialog(images, projects, nodes, creation);
    }
}

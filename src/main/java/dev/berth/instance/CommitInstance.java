package dev.berth.instance;

import dev.berth.access.Caller;
import dev.berth.driver.Committing;
import dev.berth.driver.InstanceKind;
import dev.berth.driver.StoredImage;
import dev.berth.image.Images;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import dev.berth.kernel.ResourceName;
import dev.berth.kernel.Uuids;
import dev.berth.node.Nodes;
import dev.berth.operation.OperationState;
import dev.berth.operation.OperationType;
import dev.berth.operation.OperationView;
import dev.berth.operation.Step;
import dev.berth.operation.StepContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;

/** {@code instance.commit}: makes an image of a container's changes; a failure leaves neither row nor image. */
@ApplicationScoped
class CommitInstance implements OperationType<CommitInstance.Parameters> {
    private static final int LONGEST_COMMENT = 1000;
    private final InstanceSteps steps;
    private final InstanceSubmission submission;
    private final Images images;
    private final Nodes nodes;

    CommitInstance(InstanceSteps steps, InstanceSubmission submission, Images images, Nodes nodes) {
        this.steps = steps;
        this.submission = submission;
        this.images = images;
        this.nodes = nodes;
    }

    /** What to make. */
    record Parameters(UUID instance, Committing.CommitRequest request, String actor) {}

    /** Begins to make an image; UNSUPPORTED for virtual machines. */
    @Transactional
    OperationView begin(InstanceView view, ResourceName name, String comment, Caller caller) {
        if (comment.length() > LONGEST_COMMENT) {
            throw BerthException.invalid("/comment", "A comment has at most " + LONGEST_COMMENT + " characters.");
        }
        if (view.kind() != InstanceKind.CONTAINER) {
            throw BerthException.of(
                    ErrorCode.UNSUPPORTED, "Only containers can be committed; take a snapshot of a virtual machine.");
        }
        Changeable.check(view);
        Instance instance = steps.require(view.id());
        UUID operation = Uuids.next();
        UUID image = images.expect(name, instance.node(), "commit of " + instance.name(), operation, caller);
        return submission.submit(
                operation,
                this,
                new Parameters(
                        instance.id(), new Committing.CommitRequest(image, comment, caller.name()), caller.name()),
                instance,
                caller);
    }

    @Override
    public String name() {
        return "instance.commit";
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public List<Step<Parameters>> steps(Parameters parameters) {
        return List.of(Step.of("commit", this::commit, this::remove));
    }

    private void commit(Parameters p, StepContext context) {
        StoredImage stored = steps.driver(steps.require(p.instance()))
                .require(Committing.class)
                .commit(p.instance(), p.request(), context.progress());
        images.arrived(stored, p.actor());
    }

    private void remove(Parameters p, StepContext context) {
        Instance instance = steps.require(p.instance());
        nodes.drivers(instance.node()).images().deleteImage(p.request().image());
    }

    @Override
    public void finished(Parameters p, OperationView operation) {
        if (operation.state() != OperationState.SUCCEEDED) {
            images.failed(p.request().image(), p.actor());
        }
    }
}

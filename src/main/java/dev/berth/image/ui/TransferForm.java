package dev.berth.image.ui;

import dev.berth.access.Caller;
import dev.berth.operation.OperationView;

/** What has to be known before an image comes from a registry or goes to one. */
interface TransferForm {
    /** As the title of the dialog has it: {@code Pull image}. */
    String title();

    /** What the button says: {@code Pull}. */
    String verb();

    /** The host of the registry; INVALID_ARGUMENT while the fields name none. */
    String registry();

    OperationView begin(Caller caller);

    void setReadOnly(boolean readOnly);

    /** What the viewer is told when it was done. */
    String done();

    /** What the viewer is told when it was cancelled. */
    String cancelled();
}

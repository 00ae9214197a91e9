package dev.berth.instance.ui;

import com.vaadin.flow.component.combobox.ComboBox;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageReference;
import dev.berth.driver.OciDetails;
import dev.berth.image.Image;
import dev.berth.kernel.BerthException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses what an instance is made of: an image that is here, one of a registry by its reference, or nothing. */
class ImageField extends ComboBox<ImageField.Choice> {
    private static final long serialVersionUID = 1L;
    private final transient List<Image> images;

    /** What can be chosen; nothing is null. */
    sealed interface Choice {
        /** As a request has it. */
        String request();
    }

    /** An image of the store. */
    private record Stored(Image image) implements Choice {
        @Override
        public String request() {
            return image.name();
        }
    }

    /** An image that is pulled when it is needed. */
    private record Remote(String reference) implements Choice {
        @Override
        public String request() {
            return reference;
        }
    }

    ImageField(List<Image> images) {
        super("Image");
        this.images = images;
        setItems(images.stream().map(Stored::new).toArray(Choice[]::new));
        setItemLabelGenerator(ImageField::label);
        setAllowCustomValue(true);
        setClearButtonVisible(true);
        setPlaceholder("None: a virtual machine with a blank disk");
        addCustomValueSetListener(typed -> type(typed.getDetail().strip()));
        addValueChangeListener(change -> explain());
        if (images.isEmpty()) {
            explain();
        } else {
            setValue(new Stored(images.getFirst()));
        }
    }

    private static String label(@Nullable Choice choice) {
        return switch (choice) {
            case null -> "";
            case Remote remote -> remote.reference();
            case Stored stored -> stored.image().name() + (isContainer(stored) ? " · container" : " · virtual machine");
        };
    }

    private static boolean isContainer(@Nullable Choice choice) {
        return switch (choice) {
            case null -> false;
            case Remote remote -> true;
            case Stored stored -> stored.image().format() == ImageFormat.OCI;
        };
    }

    /** Takes a name of an image or a reference that was typed. */
    private void type(String text) {
        Optional<Image> known =
                images.stream().filter(image -> image.name().equals(text)).findFirst();
        if (known.isPresent()) {
            setValue(new Stored(known.get()));
            return;
        }
        try {
            ImageReference.parse(text);
            setInvalid(false);
            setValue(new Remote(text));
        } catch (BerthException e) {
            setErrorMessage(e.message());
            setInvalid(true);
        }
    }

    private void explain() {
        setInvalid(false);
        if (getValue() instanceof Remote remote) {
            setHelperText("Not here yet: it is pulled from "
                    + ImageReference.parse(remote.reference()).registry() + " when the instance is made");
        } else {
            setHelperText("One that is here, or type a registry's: registry.example:5000/web/nginx:1.27");
        }
    }

    /** As the request has it: a name or a reference; null for none. */
    @Nullable
    String request() {
        Choice choice = getValue();
        return choice == null ? null : choice.request();
    }

    boolean isContainer() {
        return isContainer(getValue());
    }

    /** The image, if it is in a store already. */
    @Nullable
    Image stored() {
        return getValue() instanceof Stored stored ? stored.image() : null;
    }

    /** What the image says of its containers, as far as that is known already. */
    OciDetails.@Nullable Config config() {
        Image stored = stored();
        OciDetails oci = stored == null ? null : stored.oci();
        return oci == null ? null : oci.config();
    }
}

package dev.berth.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.kernel.BerthException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;

/** Reads a {@link MergePatch} as any other record, and tells it which fields were null and not just left out. */
final class MergePatches extends SimpleModule {
    private static final long serialVersionUID = 1L;

    MergePatches() {
        super("merge-patches");
        setDeserializerModifier(new Readers());
    }

    private static final class Readers extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription description, JsonDeserializer<?> usual) {
            return MergePatch.class.isAssignableFrom(description.getBeanClass()) ? new Reader(usual) : usual;
        }
    }

    private static final class Reader extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        Reader(JsonDeserializer<?> usual) {
            super(usual);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> usual) {
            return new Reader(usual);
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode body = context.readTree(in);
            if (body instanceof ObjectNode patch) {
                if (patch.has(MergePatch.CLEARED)) {
                    context.handleUnknownProperty(in, getDelegatee(), handledType(), MergePatch.CLEARED);
                }
                refuse(patch);
                ArrayNode cleared = context.getNodeFactory().arrayNode();
                clear(patch, "", cleared);
                patch.set(MergePatch.CLEARED, cleared);
            }
            try (JsonParser again = body.traverse(in.getCodec())) {
                again.nextToken();
                return super.deserialize(again, context);
            }
        }

        private void refuse(ObjectNode patch) {
            for (RecordComponent field : handledType().getRecordComponents()) {
                JsonNode value = patch.get(field.getName());
                if (value != null && value.isNull() && field.isAnnotationPresent(Kept.class)) {
                    throw BerthException.invalid(
                            "/" + field.getName(), "This cannot be null; leave it out to keep it as it is.");
                }
            }
        }

        private static void clear(JsonNode node, String pointer, ArrayNode cleared) {
            node.properties().forEach(field -> {
                String place = pointer + "/" + field.getKey();
                if (field.getValue().isNull()) {
                    cleared.add(place);
                } else {
                    clear(field.getValue(), place, cleared);
                }
            });
        }
    }
}

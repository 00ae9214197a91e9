package dev.berth.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.berth.json.BerthJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as frames and back. Unknown fields are let through, so that a newer side may say more. */
final class WireJson {
    private static final String ATTACHMENTS = "attachments";
    private static final ObjectMapper MAPPER = mapper();

    private WireJson() {}

    private static ObjectMapper mapper() {
        ObjectMapper mapper = BerthJson.configure(new JsonMapper());
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        SimpleModule module = new SimpleModule("attachments");
        module.addSerializer(byte[].class, new Writer());
        module.addDeserializer(byte[].class, new Reader());
        mapper.registerModule(module);
        return mapper;
    }

    static Frame frame(Frame.Kind kind, Type type, @Nullable Object value) {
        List<byte[]> attachments = new ArrayList<>();
        try {
            byte[] json = MAPPER.writerFor(MAPPER.constructType(type))
                    .withAttribute(ATTACHMENTS, attachments)
                    .writeValueAsBytes(value);
            return new Frame(kind, json, attachments).checked();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Arguments as an array; the types are those of the method. */
    static Frame arguments(List<Type> types, List<@Nullable Object> values) {
        List<byte[]> attachments = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            out.writeStartArray();
            for (int i = 0; i < values.size(); i++) {
                MAPPER.writerFor(MAPPER.constructType(types.get(i)))
                        .withAttribute(ATTACHMENTS, attachments)
                        .writeValue(out, values.get(i));
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Frame(Frame.Kind.ARGUMENTS, bytes.toByteArray(), attachments).checked();
    }

    static List<@Nullable Object> arguments(Frame frame, List<Type> types) {
        try {
            ArrayNode nodes = (ArrayNode) MAPPER.readTree(frame.json());
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                values.add(read(nodes.get(i), types.get(i), frame));
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object read(@Nullable JsonNode node, Type type, Frame frame) throws IOException {
        if (node == null || node.isNull()) {
            return null;
        }
        JavaType target = MAPPER.constructType(type);
        return MAPPER.readerFor(target)
                .withAttribute(ATTACHMENTS, frame.attachments())
                .readValue(node);
    }

    static @Nullable Object value(Frame frame, Type type) {
        if (type == void.class || frame.json().length == 0) {
            return null;
        }
        try {
            return MAPPER.readerFor(MAPPER.constructType(type))
                    .withAttribute(ATTACHMENTS, frame.attachments())
                    .readValue(frame.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Writer extends StdSerializer<byte[]> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(byte[].class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void serialize(byte[] value, JsonGenerator out, SerializerProvider provider) throws IOException {
            List<byte[]> attachments = (List<byte[]>) provider.getAttribute(ATTACHMENTS);
            out.writeNumber(attachments.size());
            attachments.add(value);
        }
    }

    private static final class Reader extends StdDeserializer<byte[]> {
        private static final long serialVersionUID = 1L;

        Reader() {
            super(byte[].class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public byte[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
            int index = in.getIntValue();
            List<byte[]> attachments = (List<byte[]>) context.getAttribute(ATTACHMENTS);
            if (index < 0 || index >= attachments.size()) {
                throw context.weirdNumberException(index, byte[].class, "no such attachment");
            }
            return attachments.get(index);
        }
    }
}

package dev.berth.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enums as lower-case words with hyphens: {@code GRACEFUL_THEN_FORCE} is {@code "graceful-then-force"}. */
final class EnumWords extends SimpleModule {
    private static final long serialVersionUID = 1L;

    EnumWords() {
        super("enum-words");
        addSerializer(new Writer());
        setDeserializerModifier(new Readers());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @SuppressWarnings({"rawtypes"}) // Jackson's own way to say "any enum"
    private static final class Writer extends StdSerializer<Enum> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(word(value));
        }
    }

    private static final class Readers extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config, JavaType type, BeanDescription description, JsonDeserializer<?> usual) {
            return new Reader(type.getRawClass());
        }
    }

    private static final class Reader extends StdDeserializer<Object> {
        private static final long serialVersionUID = 1L;

        Reader(Class<?> type) {
            super(type);
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getValueAsString("");
            for (Object constant : handledType().getEnumConstants()) {
                if (word((Enum<?>) constant).equals(text)) {
                    return constant;
                }
            }
            String words = Arrays.stream(handledType().getEnumConstants())
                    .map(constant -> word((Enum<?>) constant))
                    .collect(Collectors.joining(", "));
            return context.handleWeirdStringValue(handledType(), text, "one of %s", words);
        }
    }
}

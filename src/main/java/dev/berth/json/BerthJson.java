package dev.berth.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.deser.DurationDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import com.fasterxml.jackson.datatype.jsr310.ser.DurationSerializer;
import com.fasterxml.jackson.datatype.jsr310.ser.InstantSerializer;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import dev.berth.driver.ContainerSpec;
import dev.berth.driver.DriverEvent;
import dev.berth.driver.ImageSource;
import dev.berth.driver.InstanceSpec;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import dev.berth.kernel.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one JSON shape of Berth's types: sizes as integer bytes, times as RFC 3339, sealed types tagged by {@code kind}. */
@SuppressWarnings("unused") // mix-ins are read by Jackson only
public final class BerthJson {
    private static final ObjectMapper SHARED = configure(new JsonMapper());

    private BerthJson() {}

    /** A shared mapper; never reconfigure it. */
    public static ObjectMapper mapper() {
        return SHARED;
    }

    /** The value that a JSON object with these fields means; what one of its types refuses is told as REST tells it. */
    public static <T> T convert(Map<String, ?> fields, Class<T> type) {
        try {
            return SHARED.treeToValue(tree(fields), type);
        } catch (JsonProcessingException e) {
            throw Refusals.find(e)
                    .<RuntimeException>map(known -> known)
                    .orElseGet(() -> new IllegalArgumentException(e));
        }
    }

    /** Jackson's own conversion would leave out what is null, which means something in a {@link MergePatch}. */
    private static JsonNode tree(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> fields)) {
            return SHARED.valueToTree(value);
        }
        ObjectNode object = SHARED.createObjectNode();
        fields.forEach((name, field) -> object.set(name.toString(), tree(field)));
        return object;
    }

    /** A value's text, which every record of Berth has. */
    public static String text(Object value) {
        try {
            return SHARED.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be written as JSON: " + value.getClass(), e);
        }
    }

    /** Applies Berth's conventions to a mapper, for example the one that Quarkus made for REST. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        mapper.registerModules(times(), new ParameterNamesModule(), new EnumWords(), new MergePatches());
        mapper.disable(
                SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
        mapper.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
        mapper.addMixIn(DataSize.class, LongScalar.class);
        mapper.addMixIn(CpuCount.class, IntScalar.class);
        mapper.addMixIn(MacAddress.class, TextScalar.class);
        mapper.addMixIn(Ipv4.class, TextScalar.class);
        mapper.addMixIn(Cidr.class, CidrText.class);
        mapper.addMixIn(ResourceName.class, TextScalar.class);
        mapper.addMixIn(InstanceSpec.class, SpecKinds.class);
        mapper.addMixIn(ImageSource.class, SourceKinds.class);
        mapper.addMixIn(DriverEvent.class, EventKinds.class);
        return mapper;
    }

    /** Of Jackson's module for java.time what Berth has: all of it costs an agent a megabyte. */
    private static Module times() {
        return new SimpleModule("berth-times")
                .addSerializer(Instant.class, InstantSerializer.INSTANCE)
                .addDeserializer(Instant.class, InstantDeserializer.INSTANT)
                .addSerializer(Duration.class, DurationSerializer.INSTANCE)
                .addDeserializer(Duration.class, DurationDeserializer.INSTANCE);
    }

    private abstract static class LongScalar {
        @JsonCreator
        LongScalar(long bytes) {}

        @JsonValue
        abstract long bytes();
    }

    private abstract static class IntScalar {
        @JsonCreator
        IntScalar(int value) {}

        @JsonValue
        abstract int value();
    }

    private abstract static class TextScalar {
        @JsonCreator
        TextScalar(String value) {}

        @JsonValue
        abstract String value();
    }

    private abstract static class CidrText {
        @JsonCreator
        static Cidr parse(String text) {
            return Cidr.parse(text);
        }

        @Override
        @JsonValue
        public abstract String toString();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = VmSpec.class, name = "vm"),
        @JsonSubTypes.Type(value = ContainerSpec.class, name = "container")
    })
    private interface SpecKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = ImageSource.Url.class, name = "url"),
        @JsonSubTypes.Type(value = ImageSource.LocalFile.class, name = "file"),
        @JsonSubTypes.Type(value = ImageSource.Upload.class, name = "upload"),
        @JsonSubTypes.Type(value = ImageSource.Recipe.class, name = "recipe"),
        @JsonSubTypes.Type(value = ImageSource.Registry.class, name = "registry")
    })
    private interface SourceKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = DriverEvent.Changed.class, name = "changed"),
        @JsonSubTypes.Type(value = DriverEvent.Gone.class, name = "gone"),
        @JsonSubTypes.Type(value = DriverEvent.Resync.class, name = "resync")
    })
    private interface EventKinds {}
}

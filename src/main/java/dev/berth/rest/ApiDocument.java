package dev.berth.rest;

import dev.berth.json.Kept;
import dev.berth.json.MergePatch;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Completes the OpenAPI document when the application is built: what the framework cannot know of value types, enums,
 * required fields, credentials and statuses.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {
    private static final String TOKEN = "token";
    private static final String COOKIE = "session";
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
    private static final DotName PATCH = DotName.createSimple(MergePatch.class);
    private static final DotName KEPT = DotName.createSimple(Kept.class);
    /** Schemas of the framework's own classes, which no answer holds. */
    private static final List<String> INNER = List.of("OutboundSseEvent", "MediaType");

    private final IndexView index;

    /** Made by Quarkus, with the index of the application's classes. */
    public ApiDocument(IndexView index) {
        this.index = index;
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.setServers(null);
        Components components = api.getComponents();
        components.addSecurityScheme(
                TOKEN,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("An API token: berth_…"));
        components.addSecurityScheme(
                COOKIE,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.COOKIE)
                        .name("berth-session")
                        .description("A browser session; changes need the header X-Berth-CSRF too."));
        components.addResponse(ApiStatuses.PROBLEM, ApiStatuses.problem());
        INNER.forEach(components::removeSchema);
        scalars(components);
        components.getSchemas().forEach(this::describe);
        for (Map.Entry<String, PathItem> path : api.getPaths().getPathItems().entrySet()) {
            path.getValue().getOperations().forEach((method, operation) -> {
                secure(operation);
                ApiStatuses.complete(method, path.getKey(), operation);
            });
        }
    }

    private static void secure(Operation operation) {
        List<SecurityRequirement> found = operation.getSecurity();
        if (found == null || found.isEmpty()) {
            return;
        }
        String role = found.getFirst().getSchemes().values().stream()
                .flatMap(List::stream)
                .findFirst()
                .orElse("");
        operation.setSecurity(List.of(
                OASFactory.createSecurityRequirement().addScheme(TOKEN),
                OASFactory.createSecurityRequirement().addScheme(COOKIE)));
        operation.addExtension("x-berth-role", role);
    }

    private static void scalars(Components components) {
        scalar(components, "DataSize", Schema.SchemaType.INTEGER, "int64", "Bytes, 0 to 2^53 - 1.");
        scalar(components, "CpuCount", Schema.SchemaType.INTEGER, "int32", "CPUs, at least 1.");
        scalar(components, "MacAddress", Schema.SchemaType.STRING, null, "For example 52:54:00:12:34:56.");
        scalar(components, "Ipv4", Schema.SchemaType.STRING, "ipv4", "For example 10.66.0.2.");
        scalar(components, "Cidr", Schema.SchemaType.STRING, null, "For example 10.66.0.0/16.");
        scalar(components, "ResourceName", Schema.SchemaType.STRING, null, "A DNS label; no UUID.")
                .setPattern("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$");
        Schema text = OASFactory.createSchema().addType(Schema.SchemaType.STRING);
        components.addSchema(
                "Environment",
                OASFactory.createSchema()
                        .description("Environment variables: an object, or a list of NAME=value.")
                        .addOneOf(OASFactory.createSchema()
                                .addType(Schema.SchemaType.OBJECT)
                                .additionalPropertiesSchema(text))
                        .addOneOf(OASFactory.createSchema()
                                .addType(Schema.SchemaType.ARRAY)
                                .items(text)));
    }

    private static Schema scalar(
            Components components, String name, Schema.SchemaType type, @Nullable String format, String description) {
        Schema schema = OASFactory.createSchema().addType(type).format(format).description(description);
        components.addSchema(name, schema);
        return schema;
    }

    private void describe(String name, Schema schema) {
        List<Object> words = schema.getEnumeration();
        if (words != null) {
            schema.setEnumeration(
                    words.stream().<Object>map(word -> word(word.toString())).toList());
        }
        List<ClassInfo> types = types(name);
        // Where several records have the name, nobody knows which of them this is.
        List<String> required = types.size() == 1 ? required(types.getFirst()) : List.of();
        // What travels as a plain value has no properties, whatever its record has.
        if (!required.isEmpty() && schema.getProperties() != null) {
            schema.setRequired(required);
        }
        if (schema.getProperties() != null && schema.getProperties().containsKey(MergePatch.CLEARED)) {
            types.stream().filter(ApiDocument::isPatch).forEach(patch -> patch(patch, schema));
        }
    }

    /** What a merge patch has null for, in the way of JSON Schema. */
    private static void patch(ClassInfo type, Schema schema) {
        schema.setDescription(
                "A merge patch (RFC 7396). What is left out stays as it is; what is null is from then on as if it"
                        + " had never been given: as the image says, or as usual.");
        schema.removeProperty(MergePatch.CLEARED);
        Map<String, Schema> properties = Map.copyOf(schema.getProperties());
        for (RecordComponentInfo component : type.recordComponentsInDeclarationOrder()) {
            Schema property = properties.get(component.name());
            if (property != null && !component.hasAnnotation(KEPT)) {
                schema.addProperty(component.name(), orNull(property));
            }
        }
    }

    private static Schema orNull(Schema schema) {
        return schema.getRef() == null
                ? schema.addType(Schema.SchemaType.NULL)
                : OASFactory.createSchema()
                        .addAnyOf(schema)
                        .addAnyOf(OASFactory.createSchema().addType(Schema.SchemaType.NULL));
    }

    private static boolean isPatch(ClassInfo type) {
        return type.interfaceNames().contains(PATCH);
    }

    /** Enums travel as lower-case words with hyphens. */
    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The records of a name. */
    private List<ClassInfo> types(String name) {
        // The index is put together of others, and holds classes twice.
        Map<DotName, ClassInfo> found = new HashMap<>();
        for (ClassInfo type : index.getKnownClasses()) {
            if (type.isRecord()
                    && type.simpleName().equals(name)
                    && type.name().toString().startsWith("dev.berth.")) {
                found.put(type.name(), type);
            }
        }
        return List.copyOf(found.values());
    }

    /** The components of a record that are not {@code @Nullable}. */
    private static List<String> required(ClassInfo type) {
        List<String> required = new ArrayList<>();
        for (RecordComponentInfo component : type.recordComponentsInDeclarationOrder()) {
            boolean given = !isPatch(type) || !component.name().equals(MergePatch.CLEARED);
            if (given && !component.type().hasAnnotation(NULLABLE)) {
                required.add(component.name());
            }
        }
        return required;
    }
}

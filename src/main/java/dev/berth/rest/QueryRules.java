package dev.berth.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedMap;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the query of every request: parameters that the address does not know are refused instead of ignored, none
 * is given twice, and {@code fields} thins out the items of a list. An empty Idempotency-Key is refused too: the framework
 * takes it for none, and a retry would make a second thing.
 */
@ApplicationScoped
class QueryRules {
    private static final String FIELDS = "fields";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private final Map<Method, SortedSet<String>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    void check(ContainerRequestContext request, ResourceInfo resource) {
        if (request.getUriInfo().getPath().indexOf('\0') >= 0) {
            throw BerthException.of(ErrorCode.NOT_FOUND, "There is nothing at this address.");
        }
        List<String> keys = request.getHeaders().get(IDEMPOTENCY_KEY);
        if (keys != null && (keys.size() > 1 || keys.getFirst().isBlank())) {
            throw BerthException.invalid(IDEMPOTENCY_KEY, "Send one Idempotency-Key, and not an empty one.");
        }
        MultivaluedMap<String, String> query = request.getUriInfo().getQueryParameters();
        if (query.isEmpty()) {
            return;
        }
        SortedSet<String> names = known.computeIfAbsent(resource.getResourceMethod(), QueryRules::parameters);
        for (Map.Entry<String, List<String>> entry : query.entrySet()) {
            check(entry.getKey(), entry.getValue(), names);
        }
        String fields = query.getFirst(FIELDS);
        Class<?> item = item(resource.getResourceMethod());
        if (fields != null && item != null) {
            checkFields(fields, item);
        }
    }

    private static void check(String name, List<String> values, SortedSet<String> names) {
        if (!names.contains(name)) {
            throw BerthException.of(
                            ErrorCode.UNKNOWN_FIELD,
                            names.isEmpty()
                                    ? "This address takes no parameters."
                                    : "There is no parameter '" + name + "' here; parameters are: "
                                            + String.join(", ", names) + ".")
                    .with("pointer", "?" + name);
        }
        if (values.size() > 1) {
            throw BerthException.invalid("?" + name, "Give the parameter '" + name + "' once.");
        }
        if (values.stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
            throw BerthException.invalid("?" + name, "A parameter cannot hold the character NUL.");
        }
    }

    private static void checkFields(String fields, Class<?> item) {
        List<String> all = Arrays.stream(item.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        for (String field : fields.split(",", -1)) {
            if (!all.contains(field)) {
                throw BerthException.invalid(
                        "?fields",
                        "There is no field '" + field + "' here; fields are: " + String.join(", ", all) + ".");
            }
        }
    }

    @ServerResponseFilter
    void thinOut(ContainerRequestContext request, ContainerResponseContext response) {
        String fields = request.getUriInfo().getQueryParameters().getFirst(FIELDS);
        if (fields == null || !(response.getEntity() instanceof Page<?> page)) {
            return;
        }
        List<String> wanted = List.of(fields.split(","));
        ObjectNode thin = BerthJson.mapper().createObjectNode();
        ArrayNode items = thin.putArray("items");
        for (Object item : page.items()) {
            items.add(BerthJson.mapper().<ObjectNode>valueToTree(item).retain(wanted));
        }
        if (page.next() != null) {
            thin.put("next", page.next());
        }
        response.setEntity(thin);
    }

    /** What a list holds; null where the method returns no list of records. */
    private static @Nullable Class<?> item(Method method) {
        return method.getGenericReturnType() instanceof ParameterizedType type
                        && type.getRawType() == Page.class
                        && type.getActualTypeArguments()[0] instanceof Class<?> item
                        && item.isRecord()
                ? item
                : null;
    }

    private static SortedSet<String> parameters(Method method) {
        SortedSet<String> names = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            if (query != null) {
                names.add(query.value());
            }
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                collect(parameter.getType(), names);
            }
        }
        return names;
    }

    private static void collect(Type bean, SortedSet<String> names) {
        if (bean instanceof Class<?> type) {
            for (Field field : type.getDeclaredFields()) {
                QueryParam query = field.getAnnotation(QueryParam.class);
                if (query != null) {
                    names.add(query.value());
                }
            }
        }
    }
}

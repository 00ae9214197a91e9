package dev.berth.access;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All endpoints of the REST API, as their annotations tell. */
final class Endpoints {
    private Endpoints() {}

    /**
     * One endpoint.
     *
     * @param role the least role that may use it; {@code everybody} where it is open; null where nothing is said
     */
    record Endpoint(String method, String path, @Nullable String role) {
        static final String EVERYBODY = "everybody";

        /** A path that matches, of ids that stand for nothing. */
        String somePath() {
            return path.replaceAll("\\{[^}]*}", "01900000-0000-7000-8000-00000000dead");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static List<Endpoint> all(BeanManager beans) {
        List<Endpoint> found = new ArrayList<>();
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            Class<?> resource = bean.getBeanClass();
            Path root = resource.getAnnotation(Path.class);
            if (root != null) {
                for (Method method : resource.getDeclaredMethods()) {
                    collect(root.value(), resource, method, found);
                }
            }
        }
        found.sort(Comparator.comparing(Endpoint::path).thenComparing(Endpoint::method));
        return found;
    }

    private static void collect(String root, Class<?> resource, Method method, List<Endpoint> found) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                Path path = method.getAnnotation(Path.class);
                String full = (root + "/" + (path == null ? "" : path.value())).replaceAll("/+", "/");
                String own = role(method.getAnnotations());
                found.add(new Endpoint(
                        verb.value(), full.replaceAll("/$", ""), own == null ? role(resource.getAnnotations()) : own));
            }
        }
    }

    private static @Nullable String role(Annotation[] annotations) {
        for (Annotation annotation : annotations) {
            switch (annotation) {
                case RolesAllowed allowed -> {
                    return String.join(",", allowed.value());
                }
                case PermitAll open -> {
                    return Endpoint.EVERYBODY;
                }
                case DenyAll closed -> {
                    return "nobody";
                }
                default -> {}
            }
        }
        return null;
    }
}

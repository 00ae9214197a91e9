package dev.berth.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which methods the addresses of the REST resources take. */
@ApplicationScoped
class AllowedMethods {
    private final BeanManager beans;
    private volatile @Nullable List<Endpoint> endpoints;

    AllowedMethods(BeanManager beans) {
        this.beans = beans;
    }

    private record Endpoint(String template, Pattern path, String method) {}

    /** All addresses with their methods. */
    SortedMap<String, SortedSet<String>> templates() {
        SortedMap<String, SortedSet<String>> templates = new TreeMap<>();
        for (Endpoint endpoint : endpoints()) {
            templates
                    .computeIfAbsent(endpoint.template(), template -> new TreeSet<>())
                    .add(endpoint.method());
        }
        return templates;
    }

    /** The methods of an address; empty where no resource is. */
    SortedSet<String> of(String path) {
        SortedSet<String> methods = new TreeSet<>();
        for (Endpoint endpoint : endpoints()) {
            if (endpoint.path().matcher(path).matches()) {
                methods.add(endpoint.method());
            }
        }
        return methods;
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> all = endpoints;
        if (all == null) {
            all = find();
            endpoints = all;
        }
        return all;
    }

    private List<Endpoint> find() {
        List<Endpoint> found = new ArrayList<>();
        for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
            Path root = bean.getBeanClass().getAnnotation(Path.class);
            if (root != null) {
                for (Method method : bean.getBeanClass().getDeclaredMethods()) {
                    collect(root.value(), method, found);
                }
            }
        }
        return List.copyOf(found);
    }

    private static void collect(String root, Method method, List<Endpoint> found) {
        Path path = method.getAnnotation(Path.class);
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                String template = (root + "/" + (path == null ? "" : path.value()))
                        .replaceAll("/+", "/")
                        .replaceAll("/$", "");
                Pattern pattern = Pattern.compile(template.replaceAll("\\{[^}]*}", "[^/]+") + "/?");
                found.add(new Endpoint(template, pattern, verb.value()));
            }
        }
    }
}

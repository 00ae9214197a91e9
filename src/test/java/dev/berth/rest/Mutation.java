package dev.berth.rest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Spoils a JSON body at one to three random places, as a value or as a text. */
final class Mutation {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e308",
            "9223372036854775807",
            "-9223372036854775808",
            "4294967296",
            "18446744073709551616",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"<x y='z'>&\"",
            "\"../../x\"",
            "\"%s%n${x}\"",
            "\"root\"",
            "\"cdrom\"",
            "\"vm\"",
            "\"container\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "{\"\":\"\"}",
            "\"\\uffff\"",
            "[\"disk\",\"disk\",\"network\"]",
            "\"01900000-0000-7000-8000-000000000001\"",
            "2147483647",
            "67108864");
    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    String of(ObjectNode body) {
        String text = body.toString();
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times; i++) {
            text = random.nextInt(5) == 0 ? scratched(text) : spoiled(text);
        }
        return text;
    }

    private String spoiled(String text) {
        JsonNode tree;
        try {
            tree = dev.berth.json.BerthJson.mapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return scratched(text);
        }
        List<JsonPointer> places = new ArrayList<>();
        collect(tree, JsonPointer.empty(), places);
        if (places.isEmpty()) {
            return scratched(text);
        }
        JsonPointer place = places.get(random.nextInt(places.size()));
        // A placeholder first: some of the values are no JSON that a tree could hold.
        String mark = "mark-" + random.nextLong();
        replace(tree, place, mark);
        return tree.toString().replace("\"" + mark + "\"", VALUES.get(random.nextInt(VALUES.size())));
    }

    private static void replace(JsonNode tree, JsonPointer place, String mark) {
        JsonNode parent = tree.at(place.head());
        if (parent instanceof ObjectNode object) {
            object.put(place.last().getMatchingProperty(), mark);
        } else if (parent instanceof ArrayNode list) {
            list.set(place.last().getMatchingIndex(), mark);
        }
    }

    private static void collect(JsonNode node, JsonPointer here, List<JsonPointer> places) {
        if (!here.matches()) {
            places.add(here);
        }
        node.properties().forEach(field -> collect(field.getValue(), here.appendProperty(field.getKey()), places));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), here.appendIndex(i), places);
        }
    }

    private String scratched(String text) {
        if (text.length() < 2) {
            return "{";
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(4)));
            case 2 -> text.substring(0, at) + "{}[]\",:\\0".charAt(random.nextInt(9)) + text.substring(at);
            default -> text.substring(0, at) + text.substring(0, at) + text.substring(at);
        };
    }
}

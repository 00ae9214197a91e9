package dev.berth.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The API's description of itself, and the doors for machines that look after the controller. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OpenApiTest {
    private static final Path COMMITTED = Path.of("docs/openapi.json");
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @Inject
    BeanManager beans;

    private static JsonNode document() throws IOException {
        Response response = given().get("/api/v1/openapi.json");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("application/json");
        return new ObjectMapper().readTree(response.asString());
    }

    @Test
    void theCommittedDocumentIsTheBuiltOne() throws IOException {
        // In the order of names: that of the generator differs from build to build.
        ObjectMapper mapper = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        String built = mapper.writeValueAsString(mapper.treeToValue(document(), Object.class)) + "\n";
        if (Boolean.getBoolean("berth.docs.update")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, built);
        }
        assertThat(Files.readString(COMMITTED))
                .as("The API has changed. Look whether clients can live with it, then run"
                        + " `mvn -o test -Dtest=OpenApiTest -Dberth.docs.update=true` and commit docs/openapi.json.")
                .isEqualTo(built);
    }

    @Test
    void itHoldsEveryEndpoint() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        document().get("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation ->
                        documented.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        TreeSet<String> existing = new TreeSet<>();
        new AllowedMethods(beans)
                .templates()
                .forEach((path, methods) -> methods.forEach(m -> existing.add(m + " " + path)));
        assertThat(documented).isEqualTo(existing);
    }

    @Test
    void everyAnswerHasASchemaAndEveryFailureIsAProblem() throws IOException {
        JsonNode document = document();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String name = operation.getKey() + " " + path.getKey();
                    assertThat(operation.getValue().path("summary").asText())
                            .as(name)
                            .isNotBlank();
                    Iterator<Map.Entry<String, JsonNode>> responses =
                            operation.getValue().get("responses").properties().iterator();
                    while (responses.hasNext()) {
                        Map.Entry<String, JsonNode> response = responses.next();
                        assertThat(response.getValue().path("description").asText())
                                .as(name + " " + response.getKey())
                                .isNotBlank();
                        if (response.getKey().compareTo("400") >= 0) {
                            assertThat(response.getValue()
                                            .at("/content/application~1problem+json/schema/$ref")
                                            .asText())
                                    .as(name + " " + response.getKey())
                                    .isEqualTo("#/components/schemas/Problem");
                        } else if (!response.getKey().equals("204")) {
                            assertThat(response.getValue().path("content").size())
                                    .as(name + " " + response.getKey())
                                    .isPositive();
                        }
                    }
                }));
        String text = document.toString();
        Matcher references =
                Pattern.compile("\"#/components/schemas/([^\"]+)\"").matcher(text);
        while (references.find()) {
            assertThat(document.at("/components/schemas/" + references.group(1)).isMissingNode())
                    .as(references.group(1))
                    .isFalse();
        }
        assertThat(text).doesNotContain("localhost").doesNotContain("0.0.0.0");
    }

    @Test
    void valuesAreDescribedAsTheyTravel() throws IOException {
        JsonNode schemas = document().at("/components/schemas");
        assertThat(schemas.at("/DataSize/type").asText()).isEqualTo("integer");
        assertThat(schemas.at("/ResourceName/type").asText()).isEqualTo("string");
        assertThat(schemas.at("/InstanceKind/enum").toString()).isEqualTo("[\"vm\",\"container\"]");
        assertThat(schemas.at("/NewInstance/required").toString()).isEqualTo("[\"name\"]");
    }

    @Test
    void thePageThatShowsItTakesEverythingFromThisServer() {
        Response page = given().get("/api/docs/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.asString()).contains("/api/v1/openapi.json");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
        Matcher links = LINK.matcher(page.asString());
        int checked = 0;
        while (links.find()) {
            String link = links.group(1);
            if (!link.startsWith("data:") && !link.startsWith("#")) {
                assertThat(link).doesNotStartWith("http").doesNotStartWith("//");
                assertThat(given().get(link.startsWith("/") ? link : "/api/docs/" + link)
                                .statusCode())
                        .as(link)
                        .isEqualTo(200);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    @Test
    void machinesSeeMetricsAndHealth() {
        String metrics = given().get("/q/metrics").asString();
        assertThat(metrics).contains("berth_").contains("jvm_memory_used_bytes");
        Response ready = given().get("/q/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.<java.util.List<String>>path("checks.name"))
                .contains("nodes")
                .anyMatch(name -> name.startsWith("Database"));
        assertThat(given().get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(AdminApi.admin().get("/api/v1/nodes/local").statusCode()).isEqualTo(200);
    }
}

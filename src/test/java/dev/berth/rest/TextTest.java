package dev.berth.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.berth.app.AdminApi;
import dev.berth.app.TestDatabase;
import dev.berth.json.BerthJson;
import dev.berth.sql.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that mean something elsewhere: what is legal comes back as it was, everything else is refused. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(FileImageNode.class)
class TextTest {
    private static final String FULL = """
            {"name":"fuzzed","kind":"vm","image":"base","cpus":1,"maxCpus":4,"memory":268435456,"maxMemory":268435456,
             "diskSize":4194304,"start":false,"cloneMode":"linked","diskBus":"virtio",
             "disks":[{"name":"data","size":4194304,"bus":"virtio"}],"nics":[{"network":"berth0","model":"virtio"}],
             "firmware":"bios","bootOrder":["disk","cdrom"],"video":"virtio","cpuModel":"qemu64","guestAgent":true,
             "cloudInit":{"userData":"#cloud-config","networkConfig":"version: 2","sshKeys":["ssh-ed25519 AAAA me"],
             "hostname":"fuzzed"},"deletionProtection":false,"node":"local"}
            """;
    private static final int ROUNDS = 300;

    @Inject
    Sql sql;

    @BeforeEach
    void prepare() {
        Household.prepare();
    }

    private static ObjectNode full() {
        try {
            return (ObjectNode) BerthJson.mapper().readTree(FULL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String name) {
        AdminApi.admin()
                .delete(BadBodies.INSTANCES + "/" + name + "?force=true&wait=20s")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<>&\"'",
                "]]>",
                "<!-- -->",
                "&lt;&#0;",
                "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
                "</userData><emulator>/bin/sh</emulator>",
                "${jndi:ldap://x}{{7*7}}%s%n$(id)`id`",
                "line\r\nline\ttab",
                "\u0001\u001f\u007f\u0085\u2028",
                "gr\u00fc\u00df \u4f60\u597d \ud83d\ude80 \u202e",
                "' or 1=1; drop table instance; --",
                "\\u0000 \\\\ \\"
            })
    void legalTextComesBackUnchanged(String text) {
        Residue before = Residue.of(sql, FileImageNode.store());
        ObjectNode body = full();
        body.put("name", "texts");
        ObjectNode cloudInit = (ObjectNode) body.get("cloudInit");
        cloudInit.put("userData", text).put("networkConfig", text);
        AdminApi.admin()
                .body(body.toString())
                .post(BadBodies.INSTANCES + "?wait=20s")
                .then()
                .statusCode(200);
        Response shown = AdminApi.admin().get(BadBodies.INSTANCES + "/texts");
        assertThat(shown.<String>path("spec.cloudInit.userData")).isEqualTo(text);
        assertThat(shown.<String>path("spec.cloudInit.networkConfig")).isEqualTo(text);
        remove("texts");
        describe(text);
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }

    private static void describe(String text) {
        ObjectNode project =
                BerthJson.mapper().createObjectNode().put("name", "described").put("description", text);
        AdminApi.admin()
                .body(project.toString())
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        Response shown = AdminApi.admin().get("/api/v1/projects/described");
        assertThat(shown.<String>path("description")).isEqualTo(text);
        AdminApi.admin()
                .header("If-Match", shown.header("ETag"))
                .delete("/api/v1/projects/described")
                .then()
                .statusCode(204);
    }

    @Test
    void tokensMayHaveNamesOfMarkup() {
        String name = "<b onload='x'>&\"";
        ObjectNode body = BerthJson.mapper().createObjectNode().put("name", name);
        Response issued = AdminApi.admin().body(body.toString()).post("/api/v1/tokens");
        assertThat(issued.<String>path("token.name")).isEqualTo(name);
        AdminApi.admin()
                .delete("/api/v1/tokens/" + issued.path("token.id"))
                .then()
                .statusCode(204);
    }

    /** Every text of a create, one after the other: two are free texts, the others are refused by their own rule. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/name",
                "/kind",
                "/image",
                "/cloneMode",
                "/diskBus",
                "/disks/0/name",
                "/disks/0/bus",
                "/nics/0/network",
                "/nics/0/model",
                "/firmware",
                "/bootOrder/0",
                "/video",
                "/cpuModel",
                "/cloudInit/sshKeys/0",
                "/cloudInit/hostname",
                "/node"
            })
    void markupInAnyOtherTextIsRefused(String pointer) {
        for (String text : new String[] {"<a b='c'>&\"</a>", "x\u0000y", "..%2f../x", "a\nb", "x".repeat(100_000)}) {
            Residue before = Residue.of(sql, FileImageNode.store());
            ObjectNode body = full();
            put(body, pointer, TextNode.valueOf(text));
            Response response = AdminApi.admin().body(body.toString()).post(BadBodies.INSTANCES);
            assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
            assertThat(response.<String>path("errors[0].pointer"))
                    .as(response.asString())
                    .isEqualTo(pointer);
            assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
        }
    }

    private static void put(ObjectNode body, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = body.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(last), value);
        }
    }

    @Test
    void noMutationOfAGoodBodyBreaksTheServer() {
        Residue before = Residue.of(sql, FileImageNode.store());
        long seed = Long.getLong("berth.test.seed", 20_261_124L);
        Mutation mutation = new Mutation(new Random(seed));
        for (int round = 0; round < ROUNDS; round++) {
            String body = mutation.of(full());
            Response response = AdminApi.admin().body(body).post(BadBodies.INSTANCES + "?wait=20s");
            assertThat(response.statusCode())
                    .as("seed %d, round %d: %s gave %s", seed, round, body, response.asString())
                    .isIn(200, 400, 409, 413);
            if (response.statusCode() == 200) {
                remove(response.path("subject.id"));
            }
        }
        assertThat(Residue.of(sql, FileImageNode.store())).isEqualTo(before);
    }
}

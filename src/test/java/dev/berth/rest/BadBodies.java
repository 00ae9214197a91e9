package dev.berth.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bodies that no resource may take. */
final class BadBodies {
    static final String INSTANCES = "/api/v1/projects/default/instances";

    private BadBodies() {}

    static List<BadCase> all() {
        List<BadCase> cases = new ArrayList<>();
        names(cases);
        sizes(cases);
        fields(cases);
        malformed(cases);
        mediaTypes(cases);
        return cases;
    }

    static BadCase create(String what, String body) {
        return BadCase.post(what, INSTANCES, body);
    }

    private static void names(List<BadCase> cases) {
        Map<String, String> names = new TreeMap<>(Map.of(
                "too long", "a".repeat(64),
                "empty", "",
                "unicode", "gr\u00fcn",
                "upper case", "Web1",
                "with a dot", "web.1",
                "with a blank", "web 1",
                "climbing", "../../etc/passwd",
                "with a slash", "a/b",
                "beginning with a hyphen", "-rf",
                "like a UUID", "01900000-0000-7000-8000-000000000001"));
        names.put("with NUL", "web\\u00001");
        names.put("with a line break", "web\\n1");
        names.put("of markup", "<b>&");
        names.put("half a surrogate", "web\\ud800");
        names.forEach((what, name) ->
                cases.add(create("name " + what, "{\"name\":\"" + name + "\"}").invalid("/name")));
        for (String wrong : List.of("7", "null", "true", "[\"web1\"]", "{\"value\":\"web1\"}")) {
            cases.add(
                    create("name that is " + wrong, "{\"name\":" + wrong + "}").invalid("/name"));
        }
        cases.add(create("no name", "{}").invalid("/name"));
        cases.add(create("name taken", "{\"name\":\"off\"}").gives(409, "name-taken", "/name"));
        cases.add(BadCase.post("project name with a dot", "/api/v1/projects", "{\"name\":\"a.b\"}")
                .invalid("/name"));
        cases.add(BadCase.post("project name taken", "/api/v1/projects", "{\"name\":\"default\"}")
                .gives(409, "name-taken", "/name"));
        cases.add(BadCase.post("snapshot name climbing", INSTANCES + "/off/snapshots", "{\"name\":\"../x\"}")
                .invalid("/name"));
        cases.add(BadCase.post("clone's name empty", INSTANCES + "/off/actions/clone", "{\"name\":\"\"}")
                .invalid("/name"));
        cases.add(BadCase.patch("new name taken", INSTANCES + "/off", "{\"name\":\"on\"}")
                .gives(409, "name-taken", "/name"));
        cases.add(create(
                        "disk name twice",
                        "{\"name\":\"w\",\"disks\":[{\"name\":\"d\",\"size\":2000000},"
                                + "{\"name\":\"d\",\"size\":2000000}]}")
                .invalid("/disks"));
        cases.add(BadCase.post("user name of markup", "/api/v1/users", "{\"name\":\"<b>\",\"password\":\"0123456789\"}")
                .invalid("/name"));
    }

    private static void sizes(List<BadCase> cases) {
        List<String> sizes = List.of(
                "-1",
                "0",
                "1",
                "1.5",
                "9223372036854775807",
                "9223372036854775808",
                "1e400",
                "\"512M\"",
                "\"536870912\"",
                "true",
                "[]",
                "{}");
        for (String size : sizes) {
            cases.add(create("memory " + size, "{\"name\":\"w\",\"memory\":" + size + "}")
                    .invalid("/memory"));
        }
        for (String cpus : List.of("-1", "0", "100000", "2147483648", "1.5", "\"2\"", "false")) {
            cases.add(create("cpus " + cpus, "{\"name\":\"w\",\"cpus\":" + cpus + "}")
                    .invalid("/cpus"));
        }
        for (String size : List.of("-1", "0", "9007199254740992", "0.5")) {
            cases.add(create("disk of " + size, "{\"name\":\"w\",\"diskSize\":" + size + "}")
                    .invalid("/diskSize"));
        }
        cases.add(create("disk smaller than its image", "{\"name\":\"w\",\"image\":\"base\",\"diskSize\":1048576}")
                .invalid("/diskSize"));
        cases.add(create("further disk of no size", "{\"name\":\"w\",\"disks\":[{\"name\":\"d\",\"size\":0}]}")
                .invalid("/disks"));
        cases.add(create("most memory below memory", "{\"name\":\"w\",\"memory\":99999744,\"maxMemory\":66666496}")
                .invalid("/maxMemory"));
        cases.add(create("most CPUs below CPUs", "{\"name\":\"w\",\"cpus\":3,\"maxCpus\":2}")
                .invalid("/maxCpus"));
        cases.add(create(
                        "too many disks",
                        "{\"name\":\"w\",\"disks\":[" + "{\"name\":\"d\",\"size\":2000000},".repeat(20)
                                + "{\"name\":\"e\",\"size\":2000000}]}")
                .invalid("/disks"));
        cases.add(create("too many interfaces", "{\"name\":\"w\",\"nics\":[" + "{},".repeat(20) + "{}]}")
                .invalid("/nics"));
        for (String size : List.of("0", "-5", "1.5", "\"7\"", "9223372036854775807", "null", "99999999")) {
            cases.add(BadCase.post("upload of " + size, "/api/v1/uploads", "{\"size\":" + size + "}")
                    .invalid("/size"));
        }
    }

    private static void fields(List<BadCase> cases) {
        cases.add(create("unknown field", "{\"name\":\"w\",\"memoryy\":1}").gives(400, "unknown-field", "/memoryy"));
        cases.add(create("unknown field within", "{\"name\":\"w\",\"cloudInit\":{\"userdata\":\"\"}}")
                .gives(400, "unknown-field", "/cloudInit/userdata"));
        cases.add(create("unknown field in a list", "{\"name\":\"w\",\"disks\":[{\"name\":\"d\",\"size\":9,\"x\":1}]}")
                .gives(400, "unknown-field", "/disks/0/x"));
        cases.add(create("field of a view", "{\"name\":\"w\",\"id\":\"01900000-0000-7000-8000-000000000001\"}")
                .gives(400, "unknown-field", "/id"));
        cases.add(create("null in a list", "{\"name\":\"w\",\"disks\":[null]}").invalid("/disks/0"));
        cases.add(create("null among SSH keys", "{\"name\":\"w\",\"cloudInit\":{\"sshKeys\":[null]}}")
                .invalid("/cloudInit/sshKeys/0"));
        cases.add(
                create("an object for a list", "{\"name\":\"w\",\"disks\":{}}").invalid("/disks"));
        cases.add(create("a text for a truth", "{\"name\":\"w\",\"start\":\"yes\"}")
                .invalid("/start"));
        cases.add(create("a number for a text", "{\"name\":\"w\",\"image\":5}").invalid("/image"));
        cases.add(create("kind unknown", "{\"name\":\"w\",\"kind\":\"vms\"}").invalid("/kind"));
        cases.add(create("firmware unknown", "{\"name\":\"w\",\"firmware\":\"open\"}")
                .invalid("/firmware"));
        cases.add(create("boot device unknown", "{\"name\":\"w\",\"bootOrder\":[\"tape\"]}")
                .invalid("/bootOrder/0"));
        cases.add(create("boot order twice", "{\"name\":\"w\",\"bootOrder\":[\"disk\",\"disk\"]}")
                .invalid("/bootOrder"));
        cases.add(create("image unknown", "{\"name\":\"w\",\"image\":\"none\"}").invalid("/image"));
        cases.add(create("ISO unknown", "{\"name\":\"w\",\"iso\":\"none\"}").invalid("/iso"));
        cases.add(create("node unknown", "{\"name\":\"w\",\"node\":\"none\"}").invalid("/node"));
        cases.add(create("network unknown", "{\"name\":\"w\",\"nics\":[{\"network\":\"none\"}]}")
                .invalid("/nics/0/network"));
        cases.add(create("no SSH key", "{\"name\":\"w\",\"cloudInit\":{\"sshKeys\":[\"ssh-rsa AAAA x\\nssh-rsa B\"]}}")
                .invalid("/cloudInit/sshKeys/0"));
        cases.add(create("host name of markup", "{\"name\":\"w\",\"cloudInit\":{\"hostname\":\"<a>\"}}")
                .invalid("/cloudInit/hostname"));
        cases.add(create(
                        "user data too long",
                        "{\"name\":\"w\",\"cloudInit\":{\"userData\":\"" + "x".repeat(65537) + "\"}}")
                .invalid("/cloudInit/userData"));
        cases.add(create("CPU model of markup", "{\"name\":\"w\",\"cpuModel\":\"x'/><evil/>\"}")
                .invalid("/cpuModel"));
        cases.add(BadCase.post("token's role unknown", "/api/v1/tokens", "{\"name\":\"t\",\"role\":\"root\"}")
                .invalid("/role"));
        cases.add(BadCase.post(
                        "token that has expired",
                        "/api/v1/tokens",
                        "{\"name\":\"t\",\"expiresAt\":\"2001-01-01T00:00:00Z\"}")
                .invalid("/expiresAt"));
        cases.add(BadCase.post("token's expiry no time", "/api/v1/tokens", "{\"name\":\"t\",\"expiresAt\":\"soon\"}")
                .invalid("/expiresAt"));
        cases.add(BadCase.post("password too short", "/api/v1/users", "{\"name\":\"u\",\"password\":\"short\"}")
                .invalid("/password"));
        cases.add(BadCase.post("console of no type", INSTANCES + "/on/consoles", "{\"type\":\"<vnc>\"}")
                .invalid("/type"));
        cases.add(BadCase.patch(
                        "description too long",
                        "/api/v1/projects/default",
                        "{\"description\":\"" + "x".repeat(1001) + "\"}")
                .invalid("/description"));
    }

    private static void malformed(List<BadCase> cases) {
        Map<String, String> bodies = new TreeMap<>(Map.of(
                "half an object", "{\"name\":\"w\"",
                "no JSON", "name=w",
                "two values", "{\"name\":\"w\"}{\"name\":\"w\"}",
                "a comment", "{\"name\":\"w\"/*x*/}",
                "a trailing comma", "{\"name\":\"w\",}",
                "the same field twice", "{\"name\":\"w\",\"name\":\"v\"}",
                "the same inner field twice", "{\"name\":\"w\",\"disks\":[{\"name\":\"d\",\"name\":\"e\",\"size\":9}]}",
                "NaN", "{\"name\":\"w\",\"memory\":NaN}",
                "a control character", "{\"name\":\"w\u0001\"}"));
        bodies.put("closed and nested deeply", "{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}");
        bodies.put("a number of 5,000 digits", "{\"name\":\"w\",\"memory\":" + "9".repeat(5000) + "}");
        bodies.forEach((what, body) -> cases.add(create(what, body).gives(400, "malformed-body", null)));
        cases.add(create("nested deeply", "{\"name\":" + "[".repeat(100_000)).invalid("/name"));
        byte[] latin = "{\"name\":\"gr\u00fcn\"}".getBytes(StandardCharsets.ISO_8859_1);
        cases.add(BadCase.of("no UTF-8", "POST", INSTANCES, latin).gives(400, "malformed-body", null));
        for (String body : List.of("[]", "\"w\"", "7", "[{\"name\":\"w\"}]")) {
            cases.add(create("a body that is " + body, body).gives(400, "invalid-argument", ""));
        }
        cases.add(create("a body that is null", "null").invalid("/name"));
        cases.add(BadCase.of("no body", "POST", INSTANCES, new byte[0])
                .header("Content-Type", "application/json")
                .invalid("/name"));
        cases.add(create("a huge body", "{\"name\":\"" + "x".repeat(2 << 20) + "\"}")
                .gives(413, "too-large", null));
        cases.add(create("a huge body of blanks", " ".repeat(2 << 20) + "{\"name\":\"w\"}")
                .gives(413, "too-large", null));
    }

    private static void mediaTypes(List<BadCase> cases) {
        for (String type : List.of(
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x")) {
            cases.add(create("a body of " + type, "{\"name\":\"w\"}")
                    .header("Content-Type", type)
                    .gives(415, "unsupported-media-type", null));
        }
        cases.add(create("a body of no type", "{\"name\":\"w\"}")
                .without("Content-Type")
                .gives(415, "unsupported-media-type", null));
        cases.add(create("a media type that is none", "{\"name\":\"w\"}")
                .header("Content-Type", "json")
                .gives(400, "invalid-argument", null));
        cases.add(BadCase.get("XML wanted", INSTANCES)
                .header("Accept", "application/xml")
                .gives(406, "not-acceptable", null));
        cases.add(BadCase.of("a method not allowed", "PUT", INSTANCES, new byte[0])
                .gives(405, "method-not-allowed", null));
        cases.add(BadCase.delete("all instances", INSTANCES).gives(405, "method-not-allowed", null));
        cases.add(BadCase.get("an action by GET", INSTANCES + "/off/actions/start")
                .gives(405, "method-not-allowed", null));
        cases.add(
                BadCase.of("an unknown method", "BREW", INSTANCES, new byte[0]).gives(405, "method-not-allowed", null));
    }
}

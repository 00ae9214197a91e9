package dev.berth.rest;

import static dev.berth.rest.BadBodies.INSTANCES;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Requests that are wrong in their address, parameters, headers, or for the state that things are in. */
final class BadRequests {
    private static final String NOBODY = "01900000-0000-7000-8000-00000000dead";

    private BadRequests() {}

    static List<BadCase> all() {
        List<BadCase> cases = new ArrayList<>();
        lists(cases);
        waits(cases);
        unknown(cases);
        states(cases);
        versions(cases);
        keys(cases);
        imports(cases);
        uploads(cases);
        return cases;
    }

    private static BadCase list(String what, String query) {
        return BadCase.get(what, "/api/v1/instances?" + query);
    }

    private static void lists(List<BadCase> cases) {
        for (String limit : List.of("0", "-1", "1001", "ten", "1.5", "99999999999")) {
            cases.add(list("limit " + limit, "limit=" + limit).invalid("?limit"));
        }
        List<String> markers = List.of(
                "x", "%00", "%f0%9f", "..%2f..", marker("a\0b\n" + NOBODY), marker("a"), marker("a\nb"), marker("\n"));
        for (String after : markers) {
            cases.add(list("page marker " + after, "after=" + after).invalid("?after"));
        }
        cases.add(list("page marker of another order", "sort=cpus&after=" + marker("web\n" + NOBODY))
                .invalid("?after"));
        cases.add(BadCase.get("page marker of images", "/api/v1/images?after=nothing")
                .invalid("?after"));
        cases.add(BadCase.get("page marker of operations", "/api/v1/operations?after=7")
                .invalid("?after"));
        for (String sort : List.of("colour", "name,cpus", "--name", "name%20desc", "i.name%3Bdrop")) {
            cases.add(list("sort " + sort, "sort=" + sort).invalid("?sort"));
        }
        List<String> filters = List.of(
                "colour=red",
                "cpus=many",
                "cpus~1",
                "name%3Cb",
                "state=",
                "=x",
                "name=%22x",
                "cpus=99999999999999999999",
                "deletionProtection=maybe",
                "a".repeat(501),
                "x%00y",
                "name=a%22b",
                "%22");
        for (String filter : filters) {
            cases.add(list("filter " + filter, "filter=" + filter).invalid("?filter"));
        }
        cases.add(list("fields unknown", "fields=name,colour").invalid("?fields"));
        cases.add(list("no field at all", "fields=").invalid("?fields"));
        cases.add(list("parameter unknown", "fliter=state=running").gives(400, "unknown-field", "?fliter"));
        cases.add(list("parameter twice", "limit=5&limit=6").invalid("?limit"));
        cases.add(BadCase.get("filter where there is none", "/api/v1/images?filter=x")
                .gives(400, "unknown-field", "?filter"));
        cases.add(BadCase.get("events after a word", "/api/v1/events?after=x").invalid("?after"));
        cases.add(BadCase.get("too many events", "/api/v1/events?limit=100000").invalid("?limit"));
        cases.add(BadCase.get("a stream from nowhere", "/api/v1/events/stream")
                .header("Last-Event-ID", "x")
                .invalid("Last-Event-ID"));
        cases.add(BadCase.get("operations of no project", "/api/v1/operations?project=x")
                .invalid("?project"));
        cases.add(BadCase.get("operations maybe active", "/api/v1/operations?active=maybe")
                .invalid("?active"));
        cases.add(BadCase.get("a log of minus bytes", INSTANCES + "/off/log?bytes=-1")
                .invalid("?bytes"));
        cases.add(BadCase.delete("force maybe", INSTANCES + "/off?force=maybe").invalid("?force"));
    }

    private static String marker(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void waits(List<BadCase> cases) {
        for (String wait : List.of("soon", "-5s", "1h", "9999999s", "30%20s", "1.5s", "s")) {
            cases.add(BadCase.post("wait " + wait, INSTANCES + "?wait=" + wait, "{\"name\":\"w\"}")
                    .invalid("?wait"));
        }
        cases.add(BadCase.post("wait at an action", INSTANCES + "/off/actions/start?wait=x", "{}")
                .invalid("?wait"));
        cases.add(BadCase.delete("wait at a removal", INSTANCES + "/off?wait=x").invalid("?wait"));
    }

    private static void unknown(List<BadCase> cases) {
        List<String> ids =
                List.of(NOBODY, "nothing", "%00", "..", "%2e%2e%2fon", "a".repeat(5000), "%27%20or%201=1--", "on%00");
        List<String> places = List.of(
                "/api/v1/projects/%s",
                "/api/v1/projects/%s/quota",
                "/api/v1/projects/%s/instances",
                "/api/v1/projects/%s/instances/on",
                INSTANCES + "/%s",
                INSTANCES + "/%s/log",
                INSTANCES + "/%s/metrics",
                INSTANCES + "/%s/snapshots",
                INSTANCES + "/%s/consoles",
                INSTANCES + "/%s/processes",
                INSTANCES + "/%s/files",
                INSTANCES + "/off/snapshots/%s",
                "/api/v1/projects/default/volumes/%s",
                "/api/v1/images/%s",
                "/api/v1/images/%s/content",
                "/api/v1/images/%s/layers",
                "/api/v1/images/%s/export",
                "/api/v1/registries/%s",
                "/api/v1/uploads/%s",
                "/api/v1/nodes/%s",
                "/api/v1/networks/%s",
                "/api/v1/operations/%s",
                "/api/v1/operations/%s/log",
                "/api/v1/users/%s");
        for (int i = 0; i < places.size(); i++) {
            // Every place sees two of the ids, so that the table stays readable and every id is seen often.
            for (String id : List.of(NOBODY, ids.get(i % ids.size()))) {
                if (!id.equals("..") || !places.get(i).endsWith("%s")) {
                    cases.add(BadCase.get("id " + i + " " + shortened(id), String.format(places.get(i), id))
                            .notFound());
                }
            }
        }
        cases.add(BadCase.post("action unknown", INSTANCES + "/off/actions/explode", "{}")
                .notFound());
        cases.add(BadCase.post("action of nobody", INSTANCES + "/" + NOBODY + "/actions/start", "{}")
                .notFound());
        cases.add(BadCase.post("snapshot of nobody", INSTANCES + "/nothing/snapshots", "{\"name\":\"s\"}")
                .notFound());
        cases.add(BadCase.post("revert to nothing", INSTANCES + "/off/snapshots/nothing/actions/revert", "")
                .notFound());
        cases.add(BadCase.delete("snapshot that is none", INSTANCES + "/off/snapshots/nothing")
                .notFound());
        cases.add(BadCase.post("cancel nothing", "/api/v1/operations/" + NOBODY + "/actions/cancel", "")
                .notFound());
        cases.add(BadCase.delete("token of nobody", "/api/v1/tokens/" + NOBODY).notFound());
        cases.add(BadCase.delete("console of nobody", INSTANCES + "/on/consoles/" + NOBODY)
                .notFound());
        cases.add(BadCase.get("no such address", "/api/v1/secrets").notFound());
        cases.add(BadCase.get("no such version", "/api/v2/instances").notFound());
    }

    private static String shortened(String id) {
        return id.length() > 40 ? id.substring(0, 40) + "…" : id;
    }

    private static BadCase act(String verb, String instance, String body) {
        return BadCase.post(verb + " of " + instance, INSTANCES + "/" + instance + "/actions/" + verb, body);
    }

    private static void states(List<BadCase> cases) {
        for (String verb : List.of("pause", "resume", "reset", "restart")) {
            cases.add(act(verb, "off", "").gives(409, "wrong-state", null));
        }
        cases.add(act("rebuild", "on", "{}").gives(409, "wrong-state", null));
        cases.add(act("clone", "on", "{\"name\":\"w\"}").gives(409, "wrong-state", null));
        cases.add(act("rebuild", "off", "{\"image\":\"none\"}").invalid("/image"));
        cases.add(act("attach-iso", "off", "{\"image\":\"base\"}").invalid("/image"));
        cases.add(act("attach-iso", "off", "{}").invalid("/image"));
        cases.add(act("shutdown", "on", "{\"timeout\":0}").invalid("/timeout"));
        cases.add(act("shutdown", "on", "{\"timeout\":100000}").invalid("/timeout"));
        cases.add(act("shutdown", "on", "{\"forse\":true}").gives(400, "unknown-field", "/forse"));
        cases.add(BadCase.patch(
                        "a disk that shrinks", INSTANCES + "/off", "{\"disks\":[{\"name\":\"root\",\"size\":1048576}]}")
                .invalid("/disks/0/size"));
        cases.add(BadCase.patch(
                        "a disk that is none", INSTANCES + "/off", "{\"disks\":[{\"name\":\"x\",\"size\":9999999}]}")
                .invalid("/disks/0/name"));
        cases.add(BadCase.patch("memory of nothing", INSTANCES + "/off", "{\"memory\":0}")
                .invalid("/memory"));
        for (String kept : List.of("name", "cpus", "memory", "disks")) {
            cases.add(BadCase.patch(kept + " of null", INSTANCES + "/off", "{\"" + kept + "\":null}")
                    .invalid("/" + kept));
        }
        for (String foreign : List.of("command", "health", "hostname", "limits", "mounts")) {
            cases.add(BadCase.patch(foreign + " of null", INSTANCES + "/off", "{\"" + foreign + "\":null}")
                    .invalid("/" + foreign));
        }
        cases.add(BadCase.patch("what is cleared", INSTANCES + "/off", "{\"cleared\":[]}")
                .gives(400, "unknown-field", "/cleared"));
        cases.add(BadCase.delete("what runs", INSTANCES + "/on").gives(409, "wrong-state", null));
        cases.add(BadCase.delete("what is protected", INSTANCES + "/kept?force=true")
                .gives(409, "protected", null));
        cases.add(BadCase.delete("the default project", "/api/v1/projects/default")
                .header("If-Match", "*")
                .gives(409, "protected", null));
        cases.add(BadCase.delete("an image in use", "/api/v1/images/base")
                .header("If-Match", "*")
                .gives(409, "in-use", null));
        cases.add(BadCase.post("console of what is off", INSTANCES + "/off/consoles", "{\"type\":\"serial\"}")
                .gives(409, "wrong-state", null));
        cases.add(BadCase.post("snapshot taken", INSTANCES + "/off/snapshots", "{\"name\":\"first\"}")
                .gives(409, "name-taken", "/name"));
    }

    private static void versions(List<BadCase> cases) {
        BadCase rename = BadCase.patch("a change", INSTANCES + "/off", "{\"cpus\":1}");
        cases.add(rename.without("If-Match").gives(428, "etag-required", null));
        for (String tag : List.of("\"999\"", "W/\"0\"", "0", "\"\"", "\"0", "nonsense")) {
            cases.add(rename.header("If-Match", tag).gives(412, "etag-mismatch", null));
        }
        cases.add(BadCase.delete("removal with a wrong tag", INSTANCES + "/off")
                .header("If-Match", "\"999\"")
                .gives(412, "etag-mismatch", null));
        cases.add(BadCase.delete("removal of an image without a tag", "/api/v1/images/base")
                .gives(428, "etag-required", null));
        cases.add(BadCase.delete("removal of a project without a tag", "/api/v1/projects/default")
                .gives(428, "etag-required", null));
        cases.add(BadCase.patch("a change of what is gone", INSTANCES + "/gone", "{\"cpus\":1}")
                .notFound());
        cases.add(BadCase.delete("removal of what is gone", INSTANCES + "/gone")
                .header("If-Match", "\"1\"")
                .notFound());
    }

    private static void keys(List<BadCase> cases) {
        for (String key : List.of("", " ", "k".repeat(201), "gr\u00fcn", "a\tb")) {
            cases.add(BadBodies.create("idempotency key " + shortened(key), "{\"name\":\"w\"}")
                    .header("Idempotency-Key", key)
                    .invalid("Idempotency-Key"));
        }
        cases.add(BadBodies.create("idempotency key of another body", "{\"name\":\"w\"}")
                .header("Idempotency-Key", "used")
                .gives(422, "idempotency-mismatch", null));
    }

    private static BadCase image(String what, String source) {
        return BadCase.post("image from " + what, "/api/v1/images", "{\"name\":\"w\"" + source + "}");
    }

    private static void imports(List<BadCase> cases) {
        cases.add(image("nowhere", "").gives(400, "invalid-argument", ""));
        cases.add(image("two sources", ",\"recipe\":\"tiny\",\"url\":\"https://a.example/b\"")
                .gives(400, "invalid-argument", ""));
        cases.add(image("an upload that is none", ",\"upload\":\"" + NOBODY + "\"")
                .gives(400, "invalid-argument", "/upload"));
        cases.add(
                image("an upload of no id", ",\"upload\":\"../../etc/passwd\"").invalid("/upload"));
        cases.add(image("a recipe that climbs", ",\"recipe\":\"../../bin/sh\"").invalid("/recipe"));
        cases.add(image("a node that is none", ",\"recipe\":\"tiny\",\"node\":\"none\"")
                .invalid("/node"));
        cases.add(image("a digest that is none", ",\"recipe\":\"tiny\",\"sha256\":\"abc\"")
                .invalid("/sha256"));
        List<String> urls = List.of(
                "file:///etc/passwd",
                "gopher://a.example/",
                "ftp://a.example/x",
                "//a.example/x",
                "a.example/x",
                "",
                "http://",
                "http:///x",
                "https://user:secret@a.example/x",
                "http://a b/",
                "javascript:alert(1)",
                "http://a.example/" + "x".repeat(2000),
                "-o/tmp/x",
                "http://[::1/");
        for (String url : urls) {
            cases.add(image("the URL " + shortened(url), ",\"url\":\"" + url + "\"")
                    .invalid("/url"));
        }
    }

    private static void uploads(List<BadCase> cases) {
        byte[] byteOne = {1};
        cases.add(BadCase.of("bytes of no upload", "PUT", "/api/v1/uploads/" + NOBODY, byteOne)
                .header("Content-Type", "application/octet-stream")
                .notFound());
        for (String name : List.of("..%2f..%2f..%2ftmp%2fevil", "%2e%2e%2fevil", "evil.qcow2", "%00")) {
            cases.add(BadCase.of("bytes of the upload " + name, "PUT", "/api/v1/uploads/" + name, byteOne)
                    .header("Content-Type", "application/octet-stream")
                    .notFound());
        }
    }
}

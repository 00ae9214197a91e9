package dev.berth.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What no container and no volume may be, and what cannot be done inside one. */
final class BadContainers {
    private static final String INSTANCES = BadBodies.INSTANCES;
    private static final String VOLUMES = "/api/v1/projects/default/volumes";

    private BadContainers() {}

    static List<BadCase> all() {
        List<BadCase> cases = new ArrayList<>();
        processes(cases);
        lists(cases);
        mounts(cases);
        kinds(cases);
        inside(cases);
        volumes(cases);
        return cases;
    }

    /** A container whose image would be pulled, if the rest were good. */
    private static BadCase create(String what, String fields) {
        return BadBodies.create(
                "container with " + what, "{\"name\":\"w\",\"image\":\"registry.test/app:1\"," + fields + "}");
    }

    private static void processes(List<BadCase> cases) {
        Map<String, String> commands = new LinkedHashMap<>();
        commands.put("nothing", "[]");
        commands.put("an empty program", "[\"\"]");
        commands.put("NUL", "[\"a\\u0000b\"]");
        commands.put("a program in two lines", "[\"a\\nb\"]");
        commands.put("too many arguments", "[\"a\"" + ",\"b\"".repeat(300) + "]");
        commands.put("a very long argument", "[\"a\",\"" + "x".repeat(40_000) + "\"]");
        commands.put("a text", "\"true\"");
        commands.put("numbers", "[[1]]");
        commands.forEach((what, value) ->
                cases.add(create("a command of " + what, "\"command\":" + value).under("/command")));
        for (String env : List.of(
                "{\"1A\":\"x\"}",
                "{\"A B\":\"x\"}",
                "{\"\":\"x\"}",
                "{\"A\\nB\":\"x\"}",
                "{\"A\":\"x\\u0000\"}",
                "{\"A\":7}",
                "{\"A\":null}",
                "[\"A\"]",
                "[\"=x\"]",
                "[7]",
                "\"A=x\"",
                "{\"A\":\"" + "x".repeat(40_000) + "\"}")) {
            cases.add(create("env " + env.substring(0, Math.min(20, env.length())), "\"env\":" + env)
                    .under("/env"));
        }
        for (String user : List.of("a b", "a:b:c", "a\\nb", ":", "", "../x", "x".repeat(200))) {
            cases.add(create("user '" + user + "'", "\"user\":\"" + user + "\"").under("/user"));
        }
        for (String path : List.of("tmp", "/a/../b", "/a\\nb", "/" + "x".repeat(5000))) {
            cases.add(create(
                            "directory " + path.substring(0, Math.min(9, path.length())),
                            "\"workingDirectory\":\"" + path + "\"")
                    .under("/workingDirectory"));
        }
        for (String signal : List.of("TERM", "SIGNOTHING", "0", "65", "SIGTERM; rm")) {
            cases.add(create("signal " + signal, "\"stopSignal\":\"" + signal + "\"")
                    .under("/stopSignal"));
        }
        cases.add(create("a mode that is none", "\"mode\":\"vm\"").invalid("/mode"));
        cases.add(create("a command for an init", "\"mode\":\"system\",\"command\":[\"a\"]")
                .invalid("/command"));
        ends(cases);
    }

    private static void ends(List<BadCase> cases) {
        cases.add(create("an unknown policy", "\"restart\":{\"policy\":\"sometimes\"}")
                .invalid("/restart/policy"));
        cases.add(create("no policy", "\"restart\":{}").invalid("/restart/policy"));
        cases.add(create("retries of always", "\"restart\":{\"policy\":\"always\",\"maxRetries\":3}")
                .invalid("/restart/maxRetries"));
        cases.add(create("minus retries", "\"restart\":{\"policy\":\"on-failure\",\"maxRetries\":-1}")
                .invalid("/restart/maxRetries"));
        cases.add(create("restart and removal", "\"restart\":{\"policy\":\"always\"},\"removeOnExit\":true")
                .invalid("/removeOnExit"));
        cases.add(
                create("a check of nothing", "\"health\":{\"command\":[\"\"]}").invalid("/health/command"));
        cases.add(create("a check without end", "\"health\":{\"command\":[\"a\"],\"timeout\":999999}")
                .invalid("/health/timeout"));
        cases.add(create("a check all the time", "\"health\":{\"command\":[\"a\"],\"interval\":0}")
                .invalid("/health/interval"));
        cases.add(create("no retries", "\"health\":{\"command\":[\"a\"],\"retries\":0}")
                .invalid("/health/retries"));
        cases.add(create("a start period before the start", "\"health\":{\"command\":[\"a\"],\"startPeriod\":-1}")
                .invalid("/health/startPeriod"));
    }

    private static void lists(List<BadCase> cases) {
        for (String weight : List.of("cpuWeight", "ioWeight")) {
            for (String value : List.of("0", "10001", "-1")) {
                cases.add(create(weight + " " + value, "\"limits\":{\"" + weight + "\":" + value + "}")
                        .invalid("/limits/" + weight));
            }
        }
        cases.add(create("no processes", "\"limits\":{\"pids\":0}").invalid("/limits/pids"));
        cases.add(create("no CPU", "\"limits\":{\"cpuMillis\":1}").invalid("/limits/cpuMillis"));
        cases.add(create("minus swap", "\"limits\":{\"swap\":-1}").invalid("/limits/swap"));
        for (String limit : List.of(
                "{\"name\":\"files\",\"soft\":1,\"hard\":1}",
                "{\"name\":\"nofile\",\"soft\":2,\"hard\":1}",
                "{\"name\":\"nofile\",\"soft\":-2,\"hard\":1}")) {
            cases.add(create("limit " + limit, "\"limits\":{\"ulimits\":[" + limit + "]}")
                    .invalid("/limits/ulimits"));
        }
        for (String list : List.of("addCapabilities", "dropCapabilities")) {
            cases.add(create("unknown " + list, "\"security\":{\"" + list + "\":[\"CAP_EVERYTHING\"]}")
                    .invalid("/security/" + list));
        }
        cases.add(create("all capabilities", "\"security\":{\"addCapabilities\":[\"ALL\"]}")
                .invalid("/security/addCapabilities"));
        cases.add(create("a network mode that is none", "\"networkMode\":\"bridged\"")
                .invalid("/networkMode"));
        cases.add(create("interfaces and no network", "\"networkMode\":\"none\",\"nics\":[{}]")
                .invalid("/nics"));
        cases.add(create("a host of markup", "\"extraHosts\":{\"<b>\":\"10.0.0.1\"}")
                .invalid("/extraHosts"));
        cases.add(create("a host with two lines", "\"extraHosts\":{\"a\":\"10.0.0.1\\n10.0.0.2 b\"}")
                .invalid("/extraHosts"));
        cases.add(create("a host with no address that there is", "\"extraHosts\":{\"a\":\"10.0.0.256\"}")
                .invalid("/extraHosts"));
        cases.add(create("a host without an address", "\"extraHosts\":{\"a\":null}")
                .invalid("/extraHosts/a"));
        cases.add(create("a tiny disk", "\"diskSize\":1048576").invalid("/diskSize"));
    }

    private static void mounts(List<BadCase> cases) {
        List<String> targets = List.of(
                "proc",
                "/",
                "//",
                "/.",
                "/proc",
                "/proc/sys",
                "/sys/",
                "/dev/shm",
                "/./proc",
                "//dev",
                "/a/../proc",
                "/a\\nb",
                "");
        for (String target : targets) {
            cases.add(create(
                            "a mount at '" + target + "'",
                            "\"mounts\":[{\"tmpfs\":65536,\"target\":\"" + target + "\"}]")
                    .invalid("/mounts"));
        }
        cases.add(create(
                        "two mounts at one place",
                        "\"mounts\":[{\"tmpfs\":65536,\"target\":\"/a\"},{\"tmpfs\":65536,\"target\":\"/a/\"}]")
                .invalid("/mounts"));
        cases.add(
                create("a mount of nothing", "\"mounts\":[{\"target\":\"/a\"}]").invalid("/mounts/0"));
        cases.add(create(
                        "a mount of two things",
                        "\"mounts\":[{\"tmpfs\":65536,\"hostPath\":\"/srv\",\"target\":\"/a\"}]")
                .invalid("/mounts/0"));
        cases.add(create("a mount of no volume", "\"mounts\":[{\"volume\":\"none\",\"target\":\"/a\"}]")
                .invalid("/mounts/0/volume"));
        cases.add(create("a mount nowhere", "\"mounts\":[{\"tmpfs\":65536}]").invalid("/mounts/0/target"));
        cases.add(create("a relative host path", "\"mounts\":[{\"hostPath\":\"srv\",\"target\":\"/a\"}]")
                .invalid("/mounts"));
        cases.add(create("a climbing host path", "\"mounts\":[{\"hostPath\":\"/srv/../etc\",\"target\":\"/a\"}]")
                .invalid("/mounts"));
        cases.add(create("a tmpfs of nothing", "\"mounts\":[{\"tmpfs\":0,\"target\":\"/a\"}]")
                .invalid("/mounts"));
    }

    private static void kinds(List<BadCase> cases) {
        cases.add(BadBodies.create("container of no image", "{\"name\":\"w\",\"kind\":\"container\"}")
                .invalid("/image"));
        cases.add(BadBodies.create(
                        "container of a disk image", "{\"name\":\"w\",\"kind\":\"container\",\"image\":\"base\"}")
                .invalid("/image"));
        for (String field : List.of(
                "\"firmware\":\"uefi\"", "\"iso\":\"none\"", "\"maxCpus\":4", "\"disks\":[]", "\"cloudInit\":{}")) {
            String pointer = "/" + field.substring(1, field.indexOf('"', 1));
            cases.add(create(field, field).invalid(pointer));
        }
        for (String field : List.of("\"command\":[\"a\"]", "\"tty\":true", "\"env\":{}", "\"mounts\":[]")) {
            String pointer = "/" + field.substring(1, field.indexOf('"', 1));
            cases.add(BadBodies.create("machine with " + field, "{\"name\":\"w\",\"image\":\"base\"," + field + "}")
                    .invalid(pointer));
        }
        cases.add(BadCase.patch("limits of a machine", INSTANCES + "/off", "{\"limits\":{\"pids\":5}}")
                .invalid("/limits"));
    }

    private static BadCase exec(String what, String body) {
        return BadCase.post("exec of " + what, INSTANCES + "/on/exec", body);
    }

    private static void inside(List<BadCase> cases) {
        cases.add(exec("nothing", "{}").invalid("/command"));
        cases.add(exec("an empty list", "{\"command\":[]}").invalid("/command"));
        cases.add(exec("no time", "{\"command\":[\"a\"],\"timeout\":0}").invalid("/timeout"));
        cases.add(exec("a day", "{\"command\":[\"a\"],\"timeout\":86400}").invalid("/timeout"));
        cases.add(exec("a relative directory", "{\"command\":[\"a\"],\"workingDirectory\":\"x\"}")
                .invalid("/workingDirectory"));
        cases.add(exec("a user of markup", "{\"command\":[\"a\"],\"user\":\"<b>\"}")
                .invalid("/user"));
        cases.add(
                exec("a bad variable", "{\"command\":[\"a\"],\"env\":[\"=x\"]}").invalid("/env"));
        cases.add(exec("too much input", "{\"command\":[\"a\"],\"stdin\":\"" + "x".repeat(600_000) + "\"}")
                .invalid("/stdin"));
        cases.add(exec("a machine", "{\"command\":[\"true\"]}").gives(422, "unsupported", null));
        cases.add(BadCase.get("processes of a machine", INSTANCES + "/on/processes")
                .gives(422, "unsupported", null));
        paths(cases);
        byte[] one = {1};
        for (String mode : List.of("rwx", "888", "-1", "77777")) {
            cases.add(BadCase.of(
                            "content of mode " + mode, "PUT", INSTANCES + "/on/files/content?path=/a&mode=" + mode, one)
                    .header("Content-Type", "application/octet-stream")
                    .invalid("?mode"));
        }
        logs(cases);
        cases.add(BadCase.post("commit of a machine", INSTANCES + "/off/actions/commit", "{\"name\":\"w\"}")
                .gives(422, "unsupported", null));
        cases.add(BadCase.post("commit to no name", INSTANCES + "/off/actions/commit", "{}")
                .invalid("/name"));
        cases.add(BadCase.post("shell of a machine", INSTANCES + "/on/consoles", "{\"type\":\"shell\"}")
                .gives(422, "unsupported", null));
        cases.add(BadCase.delete("keeping maybe", INSTANCES + "/off?keepVolumes=maybe")
                .invalid("?keepVolumes"));
    }

    private static void paths(List<BadCase> cases) {
        for (String path : List.of("etc", "/a/../../etc", "/a%0ab")) {
            cases.add(BadCase.get("files at '" + path + "'", INSTANCES + "/on/files?path=" + path)
                    .invalid("?path"));
            cases.add(BadCase.get("content at '" + path + "'", INSTANCES + "/on/files/content?path=" + path)
                    .invalid("?path"));
            cases.add(BadCase.delete("removal at '" + path + "'", INSTANCES + "/on/files?path=" + path)
                    .invalid("?path"));
        }
        cases.add(BadCase.post("directory that is relative", INSTANCES + "/on/files", "{\"path\":\"x\"}")
                .invalid("?path"));
        cases.add(BadCase.post("directory that is none", INSTANCES + "/on/files", "{}")
                .invalid("/path"));
        cases.add(BadCase.get("content at no path", INSTANCES + "/on/files/content?path=")
                .invalid("?path"));
        cases.add(BadCase.delete("removal at no path", INSTANCES + "/on/files?path=")
                .invalid("?path"));
    }

    private static void logs(List<BadCase> cases) {
        cases.add(BadCase.get("log since some day", INSTANCES + "/on/log?since=yesterday")
                .invalid("?since"));
        cases.add(BadCase.get("log of minus records", INSTANCES + "/on/log?tail=-1")
                .invalid("?tail"));
        cases.add(BadCase.get("log of a third stream", INSTANCES + "/on/log?stream=stdin")
                .invalid("?stream"));
        cases.add(BadCase.get("log of a machine followed", INSTANCES + "/on/log?follow=true")
                .gives(422, "unsupported", null));
    }

    private static void volumes(List<BadCase> cases) {
        for (String name : List.of("", "A", "a/b", "../x", "a\\u0000")) {
            cases.add(BadCase.post("volume named '" + name + "'", VOLUMES, "{\"name\":\"" + name + "\"}")
                    .invalid("/name"));
        }
        for (String size : List.of("0", "-1", "1048576", "9007199254740991", "\"1G\"", "1.5")) {
            cases.add(BadCase.post("volume of " + size, VOLUMES, "{\"name\":\"w\",\"size\":" + size + "}")
                    .invalid("/size"));
        }
        cases.add(BadCase.post("volume on no node", VOLUMES, "{\"name\":\"w\",\"node\":\"none\"}")
                .invalid("/node"));
        cases.add(BadCase.post("volume with more", VOLUMES, "{\"name\":\"w\",\"path\":\"/etc\"}")
                .gives(400, "unknown-field", "/path"));
        cases.add(BadCase.get("volume of nobody", VOLUMES + "/none").notFound());
        cases.add(BadCase.delete("removal of no volume", VOLUMES + "/none")
                .header("If-Match", "*")
                .notFound());
        cases.add(BadCase.patch("growth of no volume", VOLUMES + "/none", "{\"size\":99999999}")
                .notFound());
    }
}

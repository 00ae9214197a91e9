package dev.berth.instance;

import dev.berth.app.AdminApi;
import java.util.UUID;

/** What tests of containers on the fake node begin with. */
final class Containers {
    private Containers() {}

    static void ensureBusybox() {
        if (AdminApi.admin().get("/api/v1/images/busybox").statusCode() == 404) {
            AdminApi.admin()
                    .body("{\"name\":\"busybox\",\"recipe\":\"busybox\"}")
                    .post("/api/v1/images?wait=20s")
                    .then()
                    .statusCode(200);
        }
    }

    /** The address of a project that nobody else uses. */
    static String newProject() {
        String name = "c-" + UUID.randomUUID().toString().substring(0, 8);
        AdminApi.admin()
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        return "/api/v1/projects/" + name;
    }
}

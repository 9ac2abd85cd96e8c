package io.kaitoflow.testcluster.faults;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Adds to every Workspace what a release that nobody here knows might have written. */
final class StrangeFields {

    private StrangeFields() {}

    /** A Workspace, a list of some, an event about one; anything else stays as it is. */
    static JsonObject added(JsonObject document) {
        JsonArray items = document.getJsonArray("items");
        if (items != null) {
            items.forEach(item -> into((JsonObject) item));
        }
        JsonObject object = document.getJsonObject("object");
        into(object == null ? document : object);
        return document;
    }

    private static void into(JsonObject workspace) {
        if (!"Workspace".equals(workspace.getString("kind"))) {
            return;
        }
        workspace.put("spec", new JsonObject().put("size", "large"));
        into(workspace, "resource");
        into(workspace, "inference");
        into(workspace, "status");
    }

    private static void into(JsonObject parent, String name) {
        JsonObject child = parent.getJsonObject(name);
        if (child != null) {
            child.put("olderField", new JsonObject().put("nested", new JsonArray().add(1)));
        }
    }
}

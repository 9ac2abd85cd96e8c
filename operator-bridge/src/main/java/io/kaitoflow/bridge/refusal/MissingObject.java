package io.kaitoflow.bridge.refusal;

/**
 * An object that is named but not there yet; what waits for it heals when it appears.
 *
 * @param kind ConfigMap or Secret
 * @param name in the workspace's namespace
 * @param path of the field that names it
 */
public record MissingObject(String kind, String name, String path) {

    public String sentence() {
        return path + ": " + kind + " \"" + name + "\" is not there. Apply it, or correct the name.";
    }
}

package io.kaitoflow.worker.control;

import java.util.Objects;

/**
 * What a replica runs.
 *
 * @param main class with the main method
 * @param classPath that it is found on
 */
public record Program(String main, String classPath) {

    /** One of this build. */
    static Program ofClass(Class<?> main) {
        return new Program(main.getName(), Objects.requireNonNull(System.getProperty("java.class.path")));
    }

    /** The control plane as it is deployed, of this build. */
    public static Program today() {
        return ofClass(ControlMain.class);
    }

    /** The same of another build. */
    public static Program of(String classPath) {
        return new Program(ControlMain.class.getName(), classPath);
    }
}

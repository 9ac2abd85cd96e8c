package io.kaitoflow.worker.tuner;

import java.util.Map;

/**
 * What a pod's manifest says to its process.
 *
 * @param variables of the process
 */
record PodEnvironment(Map<String, String> variables) {

    /** @throws IllegalArgumentException that names the variable */
    String required(String name) {
        String value = variables.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set.");
        }
        return value;
    }
}

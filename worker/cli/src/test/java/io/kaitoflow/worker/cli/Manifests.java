package io.kaitoflow.worker.cli;

import java.util.Map;
import java.util.stream.Collectors;

/** Small manifests to run into trouble with. */
public final class Manifests {

    private Manifests() {}

    /** A workspace {@code try-it} that serves a model of the catalogue. */
    static String serving(String preset) {
        return """
                apiVersion: kaito.sh/v1beta1
                kind: Workspace
                metadata:
                  name: try-it
                resource:
                  labelSelector:
                    matchLabels:
                      apps: try-it
                inference:
                  preset:
                    name: %s
                """.formatted(preset);
    }

    /** A workspace {@code try-it} that tunes on the files of a ConfigMap and pushes with the secret {@code push}. */
    public static String tuning(String configMap, Map<String, String> files) {
        String data = files.entrySet().stream()
                .map(file -> "  \"" + file.getKey() + "\": '" + file.getValue() + "'\n")
                .collect(Collectors.joining());
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: %1$s
                data:
                %2$s---
                apiVersion: kaito.sh/v1beta1
                kind: Workspace
                metadata:
                  name: try-it
                resource:
                  labelSelector:
                    matchLabels:
                      apps: try-it
                tuning:
                  preset:
                    name: smollm2-135m-instruct
                  method: qlora
                  input:
                    volumeSource:
                      configMap:
                        name: %1$s
                  output:
                    image: registry.example/try/it:0.0.1
                    imagePushSecret: push
                """.formatted(configMap, data);
    }
}

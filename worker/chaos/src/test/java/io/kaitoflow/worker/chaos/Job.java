package io.kaitoflow.worker.chaos;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a user applies: rows, a recipe, a secret and a workspace that is tuned and then served. All jobs are the same but for their
 * names, so all of them make the same bytes.
 *
 * @param namespace of all of it
 * @param name of the workspace
 * @param registry {@code host:port} that the result is pushed to
 * @param data folder of every machine that holds the rows: such a one is not looked at before a machine is there
 * @param steps of the optimiser
 */
record Job(String namespace, String name, String registry, Path data, int steps) {

    /** Optimiser steps of a job that nobody wants otherwise. */
    static final int STEPS = 80;

    /** Steps between two checkpoints. */
    static final int BETWEEN_CHECKPOINTS = 20;

    private static final int ROWS = 50;
    private static final String TAG = "1";

    /** The same with other rows. */
    Job of(Path otherData) {
        return new Job(namespace, name, registry, otherData, steps);
    }

    /** The same, longer or shorter. */
    Job lasting(int otherSteps) {
        return new Job(namespace, name, registry, data, otherSteps);
    }

    /** Where the result lies in the registry. */
    String repository() {
        return "adapters/" + name;
    }

    /** The tag that the user names. */
    String tag() {
        return TAG;
    }

    String surroundings() {
        return """
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: default, namespace: %1$s}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: recipe, namespace: %1$s}
                data:
                  training_config.yaml: |
                    training_config:
                      LoraConfig: {r: 4, lora_alpha: 8}
                      TrainingArguments:
                        max_steps: %2$d
                        save_steps: %3$d
                        learning_rate: 1e-3
                      DatasetConfig: {train_test_split: 0.9}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: push, namespace: %1$s}
                type: kubernetes.io/dockerconfigjson
                stringData:
                  .dockerconfigjson: '{"auths":{"%4$s":{"username":"anybody","password":"anything"}}}'
                """.formatted(namespace, steps, BETWEEN_CHECKPOINTS, registry);
    }

    String workspace() {
        return """
                apiVersion: kaito.sh/v1beta1
                kind: Workspace
                metadata:
                  name: %1$s
                  namespace: %2$s
                  annotations: {kaito.sh/allow-uninspected: "true"}
                resource:
                  instanceType: Standard_NC24ads_A100_v4
                  labelSelector: {matchLabels: {apps: %1$s}}
                tuning:
                  preset: {name: %3$s}
                  method: qlora
                  config: recipe
                  input: {volumeSource: {hostPath: {path: "%7$s"}}}
                  output: {image: "%4$s/%5$s:%6$s", imagePushSecret: push}
                """.formatted(name, namespace, TinyModel.PRESET, registry, repository(), TAG, data);
    }

    /** The rows of every job, one a line. */
    static String rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> "{\"text\": \"" + TinyModel.text(i, 24) + "\"}")
                .collect(Collectors.joining("\n"));
    }
}

package io.kaitoflow.workflows.failure;

import java.util.stream.Stream;

/** Why a step failed. The names are the failure type strings in history and the reasons in conditions. */
public enum FailureKind {
    INVALID_REQUEST(false, "Correct the field that the message names and apply again."),
    MODEL_UNAVAILABLE(true, "Check the network and the preset's sources with: kaitoflow models pull."),
    MODEL_GATED(false, "Put a hub token as HF_TOKEN into a Secret and name it in presetOptions.modelAccessSecret."),
    DIGEST_MISMATCH(false, "The source serves other bytes than the catalogue pins; do not use them, report it."),
    DATASET_UNAVAILABLE(true, "Check that the address answers and that it may be read."),
    DATASET_INVALID(false, "Mend the row or file that the message names; try it with: kaitoflow check."),
    DATASET_UNINSPECTED(
            false, "See what the message says of the pod, then apply the retry verb, or kaito.sh/allow-uninspected."),
    MEMORY_TOO_SMALL(false, "Choose a larger SKU, a smaller batch or a shorter max_length."),
    OUT_OF_MEMORY(
            true, "Shorten max_length or choose a larger machine; a batch is halved by itself as far as it goes."),
    QUOTA_EXCEEDED(false, "Ask the cloud for more quota, or name other SKUs in kaito.sh/instance-types."),
    OVER_CAP(
            false,
            "Name smaller SKUs in kaito.sh/instance-types, or ask for a higher cap in quotas of the chart, then retry."),
    CAPACITY_MISSING(true, "Name other SKUs in kaito.sh/instance-types or wait."),
    SKU_UNAVAILABLE(false, "Name another SKU in kaito.sh/instance-types, or another region or zone."),
    PROVIDER_DENIED(false, "Give the control plane's identity the right that the message names."),
    NODE_NOT_READY(true, "Look at the node's conditions; the next SKU is tried."),
    REGISTRY_DENIED(false, "Give the push secret the right to push to this repository."),
    REGISTRY_UNAVAILABLE(true, "Check that the registry answers; the adapter is kept and pushed again on retry."),
    DISK_FULL(false, "Free space in the folder that the message names."),
    PORT_IN_USE(false, "Choose another port with --port."),
    TRAINING_DIVERGED(false, "Lower the learning rate or raise the warm-up."),
    NO_PROGRESS(false, "Three attempts ended without a new checkpoint; read the last evidence, then retry."),
    EVALUATION_WORSE(false, "The tuned model is kept under another tag; change data or recipe."),
    SERVER_NOT_READY(true, "Read the server's log that the message names."),
    IMAGE_UNAVAILABLE(true, "Check the image's name and the pull secrets in the Workspace's namespace."),
    POD_NOT_PLACED(true, "See what else runs on the machine, with: kubectl describe node."),
    CLUSTER_REFUSED(false, "Grant the right or the quota that the message names, then apply the retry verb."),
    TUNER_LOST(true, "Nothing: it is started again from the last checkpoint."),
    CANCELLED(false, "Apply the retry verb to start again from the last checkpoint."),
    UNSUPPORTED(false, "Use kaitoflow run on one machine until a release can do it here."),
    INTERNAL(true, "Report it with the message.");

    private final boolean retryable;
    private final String advice;

    FailureKind(boolean retryable, String advice) {
        this.retryable = retryable;
        this.advice = advice;
    }

    /** The kind of a failure type string; a string that no kind has is {@code INTERNAL}. */
    public static FailureKind named(String type) {
        return Stream.of(values())
                .filter(kind -> kind.name().equals(type))
                .findFirst()
                .orElse(INTERNAL);
    }

    /** The names of the kinds that are never tried again, as retry options take them. */
    public static String[] neverRetried() {
        return Stream.of(values())
                .filter(kind -> !kind.retryable)
                .map(Enum::name)
                .toArray(String[]::new);
    }

    /** Whether the step is tried again without a person. */
    public boolean retryable() {
        return retryable;
    }

    /** What a user can do, one sentence. */
    public String advice() {
        return advice;
    }
}

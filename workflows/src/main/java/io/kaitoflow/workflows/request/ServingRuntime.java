package io.kaitoflow.workflows.request;

/** What serves a model of the catalogue. */
public enum ServingRuntime {
    /** This product's own server. */
    JVM,
    /** vLLM, with a gateway of this product's before it. */
    VLLM
}

package io.kaitoflow.workflows.request;

/** The number format in which matrix products run. */
public enum ComputeType {
    BF16,
    FP16,
    FP32
}

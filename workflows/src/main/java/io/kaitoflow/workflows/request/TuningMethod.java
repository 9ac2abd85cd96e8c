package io.kaitoflow.workflows.request;

/** How adapters are trained. */
public enum TuningMethod {
    /** Over weights in the compute type. */
    LORA,
    /** Over weights in NF4 with double quantisation. */
    QLORA
}

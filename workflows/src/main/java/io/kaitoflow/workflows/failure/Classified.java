package io.kaitoflow.workflows.failure;

/** An exception of a port that knows which kind of failure it is. Every exception family of an activity implements it. */
public interface Classified {

    /** Decides the retry and the advice. */
    FailureKind kind();
}

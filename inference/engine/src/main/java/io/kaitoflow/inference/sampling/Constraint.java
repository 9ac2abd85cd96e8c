package io.kaitoflow.inference.sampling;

/** Holds a reply to a form, token by token. One instance serves one reply; it is used by one thread at a time. */
public interface Constraint {
    /** Makes the logits of all tokens that may not come next minus infinity; at least one must be left. */
    void restrict(float[] logits);

    /** Tells of the token that was chosen; not of one that ended the reply. */
    void accept(int token);
}

package io.kaitoflow.inference.tokenizer;

/** What becomes of a special token's spelling, such as {@code <|im_end|>}, inside a text that is encoded. */
public enum SpecialTokens {
    /** It becomes the special token: for text that a template made. */
    RECOGNISED,
    /** It is split like any other text: for what users wrote, so that nobody can end a turn from inside it. */
    PLAIN
}

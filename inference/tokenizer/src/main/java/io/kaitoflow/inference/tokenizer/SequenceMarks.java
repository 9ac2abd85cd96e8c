package io.kaitoflow.inference.tokenizer;

import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens at the ends of a sequence.
 *
 * @param bosId what a raw text must begin with; empty for none
 * @param eosId what ends an answer
 * @param stopIds all that end an answer; {@code eosId} is added if it is not among them
 */
record SequenceMarks(OptionalInt bosId, int eosId, Set<Integer> stopIds) {

    SequenceMarks {
        Set<Integer> all = new LinkedHashSet<>(stopIds);
        all.add(eosId);
        stopIds = Set.copyOf(all);
    }
}

package io.kaitoflow.inference.sampling;

/**
 * The budget of a generator, taken in full when it starts.
 *
 * @param slots requests that are computed at once
 * @param capacity greatest length of prompt and reply together, in tokens
 * @param queue requests that may wait for a slot
 */
public record GeneratorSettings(int slots, int capacity, int queue) {
    public GeneratorSettings {
        if (slots < 1 || capacity < 2 || queue < 1) {
            throw new IllegalArgumentException(
                    "A generator needs at least 1 slot, 2 tokens of capacity and 1 place in the" + " queue, not "
                            + slots + ", " + capacity + " and " + queue);
        }
    }
}

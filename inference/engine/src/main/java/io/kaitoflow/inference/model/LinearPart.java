package io.kaitoflow.inference.model;

/**
 * A linear module of a block by its public name, and where its rows lie in the fused matrix.
 *
 * @param name module path inside the block, for example {@code self_attn.q_proj}
 * @param projection the fused matrix that holds its rows
 * @param firstRow its first row there
 * @param rows its outputs
 * @param columns its inputs
 */
public record LinearPart(String name, Projection projection, int firstRow, int rows, int columns) {
    /** The last piece of the name, by which fine-tuning recipes choose modules, for example {@code q_proj}. */
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}

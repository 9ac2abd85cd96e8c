package io.kaitoflow.inference.decode;

/**
 * The weights of one block.
 *
 * @param attentionNorm (D)
 * @param qkv rows of q, then k, then v
 * @param feedForwardNorm (D)
 * @param gateUp rows of gate, then up
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DecodeBlock(
        float[] attentionNorm,
        Linear qkv,
        Linear attentionOutput,
        float[] feedForwardNorm,
        Linear gateUp,
        Linear down) {}

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
        float[] attentionNorm, Fused qkv, Fused attentionOutput, float[] feedForwardNorm, Fused gateUp, Fused down) {
    boolean isComputable() {
        return qkv.isComputable() && attentionOutput.isComputable() && gateUp.isComputable() && down.isComputable();
    }
}

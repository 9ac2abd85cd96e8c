package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.weights.GgufBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A GGUF file with a vocabulary of every single byte, a few merges and two special tokens; no weights. */
final class ByteTokens {

    static final int TURN_START = 256;
    static final int TURN_END = 257;
    static final int HELLO = 260;

    private static final int PLAIN = 1;
    private static final int CONTROL = 3;

    private ByteTokens() {}

    static GgufBytes gguf(String preTokenizer) {
        return new GgufBytes()
                .text("general.architecture", "llama")
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", preTokenizer)
                .texts("tokenizer.ggml.tokens", tokens())
                .wholes("tokenizer.ggml.token_type", types())
                .texts("tokenizer.ggml.merges", List.of("h e", "l l", "ll o", "he llo", "1 2"))
                .whole("tokenizer.ggml.bos_token_id", TURN_START)
                .whole("tokenizer.ggml.eos_token_id", TURN_END)
                .text(
                        "tokenizer.chat_template",
                        "{{ bos_token }}{% for m in messages %}{{ m.content + eos_token }}{% endfor %}");
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        int standIn = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = value > 32 && value < 127 || value > 160 && value != 173;
            tokens.add(Character.toString(printable ? value : standIn++));
        }
        tokens.addAll(List.of("<|start|>", "<|end|>", "he", "ll", "hello", "llo", "12"));
        return tokens;
    }

    private static List<Integer> types() {
        List<Integer> types = new ArrayList<>(Collections.nCopies(tokens().size(), PLAIN));
        types.set(TURN_START, CONTROL);
        types.set(TURN_END, CONTROL);
        return types;
    }
}

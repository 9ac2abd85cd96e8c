package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** How a byte-level BPE tokenizer cuts a text into words before it merges; named in GGUF by {@code tokenizer.ggml.pre}. */
enum PreTokenizer {
    /** GPT-2's pattern. */
    GPT2(Set.of("gpt-2", "gpt2", "phi-2", "mpt", "olmo", "jais"), false) {
        @Override
        ObjectNode json() {
            return byteLevel(true);
        }
    },
    /** First every numeric character alone (Unicode Nd, Nl and No), then GPT-2's pattern. */
    SINGLE_DIGITS(Set.of("smollm", "starcoder", "refact", "command-r", "codeshell", "exaone"), false) {
        @Override
        ObjectNode json() {
            ObjectNode digits = JSON.objectNode();
            digits.put("type", "Digits").put("individual_digits", true);
            return sequence(digits, byteLevel(true));
        }
    },
    /** Llama 3's pattern: digits in groups of up to three; whole words of the vocabulary are not split. */
    LLAMA3(Set.of("llama-bpe", "llama3", "llama-v3"), true) {
        @Override
        ObjectNode json() {
            return sequence(split(pattern("\\p{N}{1,3}")), byteLevel(false));
        }
    },
    /** Qwen 2's pattern: as Llama 3's, but every digit alone. */
    QWEN2(Set.of("qwen2", "deepseek-r1-qwen"), false) {
        @Override
        ObjectNode json() {
            return sequence(split(pattern("\\p{N}")), byteLevel(false));
        }

        @Override
        JsonNode normalizer() {
            return JSON.objectNode().put("type", "NFC");
        }
    };

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Set<String> ggufNames;
    private final boolean ignoresMerges;

    PreTokenizer(Set<String> ggufNames, boolean ignoresMerges) {
        this.ggufNames = ggufNames;
        this.ignoresMerges = ignoresMerges;
    }

    static Optional<PreTokenizer> ofGgufName(String name) {
        return Arrays.stream(values())
                .filter(pre -> pre.ggufNames.contains(name))
                .findFirst();
    }

    /** The {@code pre_tokenizer} of a tokenizer.json. */
    abstract ObjectNode json();

    /** The {@code normalizer} of a tokenizer.json. */
    JsonNode normalizer() {
        return JSON.nullNode();
    }

    /** Whether a word that is itself a token stays whole, whatever the merges say. */
    boolean ignoresMerges() {
        return ignoresMerges;
    }

    private static String pattern(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    static ObjectNode byteLevel(boolean withPattern) {
        ObjectNode node = JSON.objectNode();
        return node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", withPattern);
    }

    private static ObjectNode split(String regex) {
        ObjectNode node = JSON.objectNode();
        node.put("type", "Split").putObject("pattern").put("Regex", regex);
        return node.put("behavior", "Isolated").put("invert", false);
    }

    private static ObjectNode sequence(ObjectNode first, ObjectNode second) {
        ObjectNode node = JSON.objectNode();
        node.put("type", "Sequence").putArray("pretokenizers").add(first).add(second);
        return node;
    }
}

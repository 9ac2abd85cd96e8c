package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.weights.GgufMetadata;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Rebuilds a tokenizer.json from the tables that a GGUF header holds; byte-level BPE only. */
final class GgufTokenizer {

    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String KIND = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String BYTE_PAIRS = "gpt2";
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;

    private final GgufMetadata metadata;

    GgufTokenizer(GgufMetadata metadata) {
        this.metadata = metadata;
    }

    /**
     * The tokenizer of the tables, or, where they do not describe one wholly, of a tokenizer.json.
     *
     * @param substitute a tokenizer.json that belongs to the same model
     */
    TokenizerDefinition definition(Optional<Path> substitute) {
        List<String> tokens = metadata.texts(TOKENS);
        Optional<PreTokenizer> rebuildable = preTokenizer();
        if (rebuildable.isEmpty() && substitute.isPresent()) {
            return new TokenizerDefinition(JsonFile.text(substitute.get()), marks(tokens.size()));
        }
        PreTokenizer pre = rebuildable.orElseThrow(this::unsupported);
        return new TokenizerDefinition(rebuilt(tokens, pre).toString(), marks(tokens.size()));
    }

    /** Empty if the tables describe a tokenizer that cannot be rebuilt. */
    private Optional<PreTokenizer> preTokenizer() {
        return metadata.text(KIND).equals(BYTE_PAIRS)
                ? PreTokenizer.ofGgufName(metadata.findText(PRE).orElse("gpt-2"))
                : Optional.empty();
    }

    private TokenizerException unsupported() {
        return new TokenizerException.Unsupported("The GGUF file's tokenizer (kind \"" + metadata.text(KIND)
                + "\", words cut by \"" + metadata.findText(PRE).orElse("")
                + "\") cannot be rebuilt from its tables. Put the model's tokenizer.json beside the file.");
    }

    private ObjectNode rebuilt(List<String> tokens, PreTokenizer pre) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        root.set("added_tokens", addedTokens(tokens));
        root.set("normalizer", pre.normalizer());
        root.set("pre_tokenizer", pre.json());
        root.putNull("post_processor");
        root.set("decoder", PreTokenizer.byteLevel(false));
        root.set("model", model(tokens, pre));
        return root;
    }

    private ArrayNode addedTokens(List<String> tokens) {
        List<Long> types = metadata.wholes("tokenizer.ggml.token_type");
        if (types.size() != tokens.size()) {
            throw new TokenizerException.Damaged("The GGUF header has " + tokens.size() + " tokens but " + types.size()
                    + " token types. Fetch the file again.");
        }
        ArrayNode added = JsonNodeFactory.instance.arrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            long type = types.get(id);
            if (type == CONTROL || type == USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", type == CONTROL);
            }
        }
        return added;
    }

    private ObjectNode model(List<String> tokens, PreTokenizer pre) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        // No unknown token: a byte without a token is dropped, which is what the reference programs do.
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", pre.ignoresMerges());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        metadata.texts("tokenizer.ggml.merges").forEach(merges::add);
        return model;
    }

    private SequenceMarks marks(int vocabularySize) {
        OptionalInt bos = metadata.findFlag("tokenizer.ggml.add_bos_token").orElse(false)
                ? OptionalInt.of(token("bos", vocabularySize))
                : OptionalInt.empty();
        int eos = token("eos", vocabularySize);
        Set<Integer> stops = new HashSet<>();
        if (metadata.findWhole("tokenizer.ggml.eot_token_id").isPresent()) {
            stops.add(token("eot", vocabularySize));
        }
        return new SequenceMarks(bos, eos, stops);
    }

    private int token(String role, int vocabularySize) {
        long id = metadata.whole("tokenizer.ggml." + role + "_token_id");
        if (id < 0 || id >= vocabularySize) {
            throw new TokenizerException.Damaged("The GGUF header names " + id + " as its " + role
                    + " token but has only " + vocabularySize + " tokens. Fetch the file again.");
        }
        return (int) id;
    }
}

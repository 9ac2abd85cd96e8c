package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.weights.WeightSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A model in a folder as the model hub lays it out. */
record FolderModel(Path path) implements ModelFiles {

    static final String CONFIGURATION = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIGURATION = "tokenizer_config.json";
    static final String GENERATION_CONFIGURATION = "generation_config.json";
    private static final String WHOLE_WEIGHTS = "model.safetensors";
    private static final String SHARD_INDEX = "model.safetensors.index.json";

    private static final List<String> TOKEN_FILES = List.of(
            TOKENIZER,
            TOKENIZER_CONFIGURATION,
            GENERATION_CONFIGURATION,
            "chat_template.jinja",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model");

    @Override
    public Optional<Path> configuration() {
        return Optional.of(path.resolve(CONFIGURATION));
    }

    @Override
    public List<Path> weightFiles() {
        Path whole = path.resolve(WHOLE_WEIGHTS);
        if (Files.isRegularFile(whole)) {
            return List.of(whole);
        }
        Path index = path.resolve(SHARD_INDEX);
        if (!Files.isRegularFile(index)) {
            throw new TokenizerException.Missing("No weights in " + path + ": it holds neither " + WHOLE_WEIGHTS
                    + " nor " + SHARD_INDEX + ". Fetch the model again.");
        }
        return shards(index);
    }

    /** Also holds the index to its word: a tensor that is not where it says belongs to another download. */
    @Override
    public WeightSet openWeights() {
        WeightSet weights = ModelFiles.super.openWeights();
        Path index = path.resolve(SHARD_INDEX);
        if (weights.files().size() > 1 && Files.isRegularFile(index)) {
            try {
                JsonFile.tree(index)
                        .path("weight_map")
                        .properties()
                        .forEach(place -> requirePlace(
                                weights, index, place.getKey(), place.getValue().asText()));
            } catch (TokenizerException e) {
                weights.close();
                throw e;
            }
        }
        return weights;
    }

    private void requirePlace(WeightSet weights, Path index, String tensor, String shard) {
        boolean there =
                weights.files().stream().anyMatch(file -> file.path().equals(path.resolve(shard)) && file.has(tensor));
        if (!there) {
            throw new TokenizerException.Damaged("The index " + index + " says that the tensor " + tensor + " is in "
                    + shard + ", which does not hold it. Index and shards are of different downloads; fetch the"
                    + " model again.");
        }
    }

    private List<Path> shards(Path index) {
        TreeSet<String> names = new TreeSet<>();
        JsonFile.tree(index).path("weight_map").forEach(name -> names.add(name.asText()));
        if (names.isEmpty()) {
            throw new TokenizerException.Damaged(
                    "The index " + index + " has no weight_map that names a shard. Fetch the model again.");
        }
        return names.stream().map(name -> shard(index, name)).toList();
    }

    private Path shard(Path index, String name) {
        Path shard = path.resolve(name);
        // An index is somebody else's text: it must not lead out of the folder.
        if (name.isEmpty() || !path.equals(shard.getParent())) {
            throw new TokenizerException.Damaged("The index " + index + " names \"" + name
                    + "\", which is no file of its folder. Fetch the model again.");
        }
        if (!Files.isRegularFile(shard)) {
            throw new TokenizerException.Missing("The shard " + shard + " that " + index.getFileName()
                    + " names is missing. Fetch the model again.");
        }
        return shard;
    }

    @Override
    public Tokenizer tokenizer() {
        Path definition = path.resolve(TOKENIZER);
        if (!Files.isRegularFile(definition)) {
            throw new TokenizerException.Missing("No " + TOKENIZER + " in " + path
                    + ". Fetch it from where the model came; older tokenizer.model files are not read.");
        }
        String json = JsonFile.text(definition);
        SequenceMarks marks = new FolderMarks(
                        JsonFile.tree(definition),
                        JsonFile.treeIfPresent(path.resolve(TOKENIZER_CONFIGURATION)),
                        configurations())
                .marks(path);
        return new NativeTokenizer(new TokenizerDefinition(json, marks));
    }

    @Override
    public ChatTemplate chatTemplate() {
        return new FolderTemplate(path, JsonFile.treeIfPresent(path.resolve(TOKENIZER_CONFIGURATION))).template();
    }

    @Override
    public void describeTokensIn(Path folder) throws IOException {
        for (String name : TOKEN_FILES) {
            Path file = path.resolve(name);
            if (Files.isRegularFile(file)) {
                Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The files that may say which ids end an answer; the first that does, decides. */
    private List<JsonNode> configurations() {
        return List.of(
                JsonFile.treeIfPresent(path.resolve(GENERATION_CONFIGURATION)),
                JsonFile.tree(path.resolve(CONFIGURATION)));
    }
}

package io.kaitoflow.inference.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A model in one GGUF file: weights, description, tokenizer and chat template. */
record GgufModel(Path path) implements ModelFiles {

    private static final String EXTENSION = ".gguf";

    /** The model of a folder that holds one GGUF file. */
    static GgufModel in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList();
            if (found.size() == 1) {
                return new GgufModel(found.getFirst());
            }
            throw new TokenizerException.Missing("No model in " + folder + ": it holds no "
                    + FolderModel.CONFIGURATION + " and " + found.size()
                    + " .gguf files. Give a folder with a config.json, or the .gguf file itself.");
        } catch (IOException e) {
            throw new TokenizerException.Missing("Cannot list " + folder + ": " + e + ". Check its permissions.", e);
        }
    }

    @Override
    public Optional<Path> configuration() {
        return Optional.empty();
    }

    @Override
    public List<Path> weightFiles() {
        return List.of(path);
    }

    @Override
    public Tokenizer tokenizer() {
        try (GgufFile file = GgufFile.open(path)) {
            return new NativeTokenizer(new GgufTokenizer(file.metadata()).definition(beside()));
        }
    }

    @Override
    public void describeTokensIn(Path folder) throws IOException {
        try (GgufFile file = GgufFile.open(path)) {
            TokenizerDefinition definition = new GgufTokenizer(file.metadata()).definition(beside());
            GgufTemplate template = new GgufTemplate(file);
            ObjectNode tokenizer =
                    JsonNodeFactory.instance.objectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
            template.variables().forEach(tokenizer::put);
            tokenizer.put("add_bos_token", definition.marks().bosId().isPresent());
            template.source().ifPresent(source -> tokenizer.put("chat_template", source));
            ObjectNode generation = JsonNodeFactory.instance.objectNode();
            ArrayNode ends = generation.putArray("eos_token_id");
            definition.marks().stopIds().stream().sorted().forEach(ends::add);
            Files.writeString(folder.resolve(FolderModel.TOKENIZER), definition.json());
            Files.writeString(folder.resolve(FolderModel.TOKENIZER_CONFIGURATION), tokenizer.toPrettyString());
            Files.writeString(folder.resolve(FolderModel.GENERATION_CONFIGURATION), generation.toPrettyString());
        }
    }

    @Override
    public ChatTemplate chatTemplate() {
        try (GgufFile file = GgufFile.open(path)) {
            return new GgufTemplate(file).template();
        }
    }

    /** A tokenizer.json in the same folder, for tokenizers that the file's own tables do not describe wholly. */
    private Optional<Path> beside() {
        return Optional.of(path.resolveSibling(FolderModel.TOKENIZER)).filter(Files::isRegularFile);
    }
}

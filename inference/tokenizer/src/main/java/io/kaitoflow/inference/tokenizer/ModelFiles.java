package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.weights.WeightSet;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files that make one model, found and told apart; nothing is read before it is asked for. */
public sealed interface ModelFiles permits GgufModel, FolderModel {

    /**
     * Finds a model: a {@code .gguf} file, or a folder that holds one, or a folder as the model hub lays it out.
     *
     * @throws TokenizerException.Missing saying what was looked for
     */
    static ModelFiles at(Path path) {
        if (Files.isRegularFile(path)) {
            return new GgufModel(path);
        }
        if (!Files.isDirectory(path)) {
            throw new TokenizerException.Missing("No model at " + path + ": there is no such file or folder.");
        }
        if (Files.isRegularFile(path.resolve(FolderModel.CONFIGURATION))) {
            return new FolderModel(path);
        }
        return GgufModel.in(path);
    }

    /** The file or folder that was given. */
    Path path();

    /** The {@code config.json}; empty where a GGUF header describes the model. */
    Optional<Path> configuration();

    /**
     * The files that hold the tensors, in the order of their names.
     *
     * @throws TokenizerException.Missing if there are none, or the index names one that is not there
     */
    List<Path> weightFiles();

    /** Opens the tensors; the caller closes them. */
    default WeightSet openWeights() {
        return WeightSet.open(weightFiles());
    }

    /**
     * What the weights are: of one file its own SHA-256, of several the SHA-256 of the lines that {@code sha256sum}
     * prints for them. Reads every byte.
     */
    default Digest weightsDigest() {
        return Sha256.ofFiles(weightFiles());
    }

    /** Loads the tokenizer; the caller closes it. */
    Tokenizer tokenizer();

    /**
     * Puts what a folder needs beside weights and {@code config.json} into one: tokenizer, chat template, and which tokens end an
     * answer, in the files of the model hub.
     *
     * @throws TokenizerException.Missing if one cannot be read
     * @throws IOException if one cannot be written
     */
    void describeTokensIn(Path folder) throws IOException;

    /**
     * Reads the chat template.
     *
     * @throws TokenizerException.Missing if the model has none, as base models do
     */
    ChatTemplate chatTemplate();
}

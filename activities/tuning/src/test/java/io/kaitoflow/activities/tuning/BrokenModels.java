package io.kaitoflow.activities.tuning;

import io.kaitoflow.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models as people happen to have them, each with one fault. */
final class BrokenModels {

    private static final String UP = "model.layers.0.mlp.up_proj.weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String NORM = "model.norm.weight";
    private static final String BLOCK_NORM = "model.layers.0.input_layernorm.weight";
    private static final String WEIGHTS = "model.safetensors";

    private final Map<String, Fault> faults = new LinkedHashMap<>();

    /** Makes a model that has it, in an empty folder. */
    interface Fault {
        Path in(Path folder) throws IOException;
    }

    private BrokenModels() {
        values();
        tensors();
        files();
        configurations();
        shards();
        brokenShards();
    }

    /** By the name of the fault. */
    static Map<String, Fault> all() {
        return new BrokenModels().faults;
    }

    private void values() {
        faults.put(
                "NaN in a matrix",
                at -> new SmallFolder(at).with(UP, 5, Float.NaN).write());
        faults.put(
                "infinity in the embedding",
                at -> new SmallFolder(at)
                        .with(EMBEDDING, 5, Float.POSITIVE_INFINITY)
                        .write());
        faults.put(
                "NaN in a block's norm",
                at -> new SmallFolder(at).with(BLOCK_NORM, 0, Float.NaN).write());
        faults.put(
                "NaN in the last norm",
                at -> new SmallFolder(at).with(NORM, 0, Float.NaN).write());
    }

    private void tensors() {
        faults.put("no such matrix", at -> new SmallFolder(at).without(UP).write());
        faults.put("no embedding", at -> new SmallFolder(at).without(EMBEDDING).write());
        faults.put(
                "no norm of a block",
                at -> new SmallFolder(at).without(BLOCK_NORM).write());
        faults.put("a matrix of another shape", at -> resized(at, UP, 32, 64));
        faults.put("a larger vocabulary than is said", at -> resized(at, EMBEDDING, 5, 64));
        faults.put("a block's norm of another length", at -> resized(at, BLOCK_NORM, 32));
        faults.put("a last norm of another length", at -> resized(at, NORM, 32));
    }

    private void files() {
        faults.put("weights cut short", at -> cut(new SmallFolder(at).write(), WEIGHTS));
        faults.put("weights cut inside their header", at -> shortened(new SmallFolder(at).write(), WEIGHTS, 40));
        faults.put("empty weights", at -> replaced(at, WEIGHTS, ""));
        faults.put("a pointer of Git LFS", at -> replaced(at, WEIGHTS, "version https://git-lfs.github.com/spec/v1"));
        faults.put("a page to sign in", at -> replaced(at, WEIGHTS, "<!doctype html><title>Sign in</title>"));
        faults.put("no weights", at -> {
            Files.delete(new SmallFolder(at).write().resolve(WEIGHTS));
            return at;
        });
    }

    private void configurations() {
        faults.put("a configuration that is no JSON", at -> replaced(at, "config.json", "{\"hidden_size\": 64"));
        faults.put(
                "a configuration without a size",
                at -> replaced(at, "config.json", SmallFolder.CONFIGURATION.replace("\"hidden_size\": 64, ", "")));
        faults.put(
                "an architecture that is not run here",
                at -> replaced(
                        at, "config.json", SmallFolder.CONFIGURATION.replace("LlamaForCausalLM", "MambaForCausalLM")));
        faults.put(
                "more blocks than the weights have",
                at -> replaced(
                        at,
                        "config.json",
                        SmallFolder.CONFIGURATION.replace("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2")));
    }

    private void shards() {
        faults.put(
                "an index that names the wrong shard",
                at -> new SmallFolder(at)
                        .writeShards()
                        .index(Map.of(UP, SmallFolder.SECOND_SHARD))
                        .path());
        faults.put(
                "an index that names no shard of the folder",
                at -> new SmallFolder(at)
                        .writeShards()
                        .index(Map.of(UP, "../weights.safetensors"))
                        .path());
        faults.put(
                "an index that names a shard that is not there",
                at -> new SmallFolder(at)
                        .writeShards()
                        .index(Map.of(UP, "model-00003-of-00003.safetensors"))
                        .path());
        faults.put(
                "an index without places",
                at -> new SmallFolder(at)
                        .writeShards()
                        .file(SmallFolder.INDEX, "{}")
                        .path());
        faults.put(
                "an index that is no JSON",
                at -> new SmallFolder(at)
                        .writeShards()
                        .file(SmallFolder.INDEX, "{\"weight_map\": ")
                        .path());
    }

    private void brokenShards() {
        faults.put(
                "a shard cut short", at -> cut(new SmallFolder(at).writeShards().path(), SmallFolder.FIRST_SHARD));
        faults.put("a tensor in two shards", at -> {
            SmallFolder model = new SmallFolder(at).writeShards();
            new SafetensorsWriter(Map.of())
                    .add(NORM, List.of(64L), new float[64])
                    .add(UP, List.of(64L, 64L), new float[64 * 64])
                    .write(at.resolve(SmallFolder.SECOND_SHARD));
            return model.path();
        });
    }

    private static Path resized(Path at, String tensor, int... shape) throws IOException {
        int size = 1;
        var sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
            size *= shape[i];
        }
        return new SmallFolder(at).put(tensor, new float[size], sizes).write();
    }

    private static Path replaced(Path at, String file, String content) throws IOException {
        Path model = new SmallFolder(at).write();
        Files.writeString(model.resolve(file), content);
        return model;
    }

    private static Path cut(Path model, String file) throws IOException {
        return shortened(model, file, Files.size(model.resolve(file)) - 100);
    }

    private static Path shortened(Path model, String file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(model.resolve(file), StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
        return model;
    }
}

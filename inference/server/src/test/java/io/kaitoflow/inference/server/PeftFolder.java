package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes adapters of random numbers in PEFT's layout, large enough to be heard in every reply.
 *
 * @param layers of the model
 * @param hidden its width; the query projection is square
 */
record PeftFolder(int layers, int hidden) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RANK = 4;

    /** Another seed is another adapter. */
    Path write(Path folder, long seed) {
        try {
            Files.createDirectories(folder);
            ObjectNode configuration = JSON.createObjectNode()
                    .put("peft_type", "LORA")
                    .put("r", RANK)
                    .put("lora_alpha", 2 * RANK)
                    .put("bias", "none")
                    .put("task_type", "CAUSAL_LM");
            configuration.putArray("target_modules").add("q_proj");
            JSON.writeValue(folder.resolve("adapter_config.json").toFile(), configuration);
            Files.write(folder.resolve("adapter_model.safetensors"), tensors(new Random(seed)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] tensors(Random random) throws IOException {
        int bytes = RANK * hidden * Float.BYTES;
        ObjectNode header = JSON.createObjectNode();
        for (int layer = 0; layer < layers; layer++) {
            String name = "base_model.model.model.layers." + layer + ".self_attn.q_proj.lora_";
            describe(header.putObject(name + "A.weight"), RANK, hidden, 2L * layer * bytes, bytes);
            describe(header.putObject(name + "B.weight"), hidden, RANK, (2L * layer + 1) * bytes, bytes);
        }
        byte[] text = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + 2 * layers * bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        while (file.hasRemaining()) {
            file.putFloat((float) random.nextGaussian());
        }
        return file.array();
    }

    private static void describe(ObjectNode tensor, int rows, int columns, long from, int bytes) {
        tensor.put("dtype", "F32");
        tensor.putArray("shape").add(rows).add(columns);
        tensor.putArray("data_offsets").add(from).add(from + bytes);
    }
}

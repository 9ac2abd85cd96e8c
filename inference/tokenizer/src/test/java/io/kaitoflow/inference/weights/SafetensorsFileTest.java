package io.kaitoflow.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

    private static final String A = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
    private static final String B = "base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight";

    @TempDir
    Path folder;

    private byte[] adapter = new byte[0];

    /** An adapter as Python's library wrote it. */
    @BeforeEach
    void readAdapter() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/weights/peft-layer0.safetensors")) {
            adapter = Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void readsWhatPythonWrote() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(saved(adapter))) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(file.tensors()).hasSize(4);
            assertThat(file.tensor(A).shape()).containsExactly(4L, 576L);
            assertThat(file.floats(file.tensor(A)))
                    .startsWith(0.002834113547578454f, -0.032364703714847565f)
                    .endsWith(0.016592225059866905f);
            assertThat(file.floats(file.tensor(B))).endsWith(-0.00016550783766433597f);
        }
    }

    @Test
    void writesTheBytesThatPythonWrites() throws IOException {
        Path copy = folder.resolve("copy.safetensors");

        try (SafetensorsFile file = SafetensorsFile.open(saved(adapter))) {
            SafetensorsWriter writer = new SafetensorsWriter(file.metadata());
            file.tensors().reversed().forEach(t -> writer.add(t.name(), t.type(), t.shape(), file.bytes(t)));
            writer.write(copy);
        }

        assertThat(Files.readAllBytes(copy)).isEqualTo(adapter);
    }

    @Test
    void widerElementsComeFirstSoThatAllAreAligned() {
        Path path = folder.resolve("state.safetensors");

        new SafetensorsWriter(Map.of())
                .add("a", List.of(1L), new float[] {2})
                .add("b", List.of(), new long[] {1L << 40})
                .write(path);

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensors()).extracting(TensorEntry::name).containsExactly("b", "a");
            assertThat(file.tensor("b").offset() % 8).isZero();
            assertThat(file.tensor("b").shape()).isEmpty();
            assertThat(file.floats(file.tensor("b"))).containsExactly(1L << 40);
            assertThat(file.floats(file.tensor("a"))).containsExactly(2);
        }
    }

    @Test
    void aRefusedWriteLeavesTheTargetAndNothingElse() throws IOException {
        Path target = Files.createDirectory(folder.resolve("adapter.safetensors"));
        Files.writeString(target.resolve("occupied"), "");

        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("a", List.of(1L), new float[] {2});

        assertThatThrownBy(() -> writer.write(target))
                .isInstanceOf(WeightFileException.Unwritable.class)
                .hasMessageContaining("Cannot write " + target);
        assertThat(folder).isDirectoryContaining(path -> path.equals(target));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void theWriterRefusesWhatCannotBeRead() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("a", List.of(1L), new float[1]);

        assertThatThrownBy(() -> writer.add("a", List.of(1L), new float[1])).hasMessageContaining("taken");
        assertThatThrownBy(() -> writer.add("__metadata__", List.of(1L), new float[1]))
                .hasMessageContaining("taken");
        assertThatThrownBy(() -> writer.add("b", List.of(2L), new float[1])).hasMessageContaining("shape [2]");
    }

    @Test
    void everyCutIsRefused() throws IOException {
        for (int length : new int[] {0, 4, 8, 9, 100, 543, 544, 545, adapter.length - 1}) {
            Path cut = saved(Arrays.copyOf(adapter, length));
            assertThatThrownBy(() -> WeightFile.open(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(WeightFileException.class);
        }
        Path cut = saved(Arrays.copyOf(adapter, adapter.length - 1));
        assertThatThrownBy(() -> WeightFile.open(cut)).hasMessageContaining("is truncated");
    }

    @Test
    void brokenHeadersAreNamed() throws IOException {
        String sound = "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";

        assertDamaged("{" + sound, "is not JSON");
        assertDamaged("{" + sound + "," + sound + "}", "Duplicate field 't'");
        assertDamaged("{\"t\":{}}", "the tensor t lacks dtype, shape or data_offsets");
        assertDamaged("{" + sound.replace("[1]", "[2]") + "}", "cannot take 4 bytes");
        assertDamaged("{" + sound.replace("[1]", "[-1]") + "}", "-1 where a natural number belongs");
        assertDamaged("{" + sound.replace("[1]", "[4294967296,4294967296]") + "}", "impossible shape");
        assertDamaged("{" + sound.replace("[0,4]", "[1,5]") + "}", "but the one before it ends");
        assertDamaged("{}", "4 bytes follow the last tensor");
    }

    @Test
    void otherFilesAreToldApart() throws IOException {
        assertThatThrownBy(() -> WeightFile.open(saved(new byte[0]))).hasMessageContaining("is empty");
        assertThatThrownBy(() -> WeightFile.open(
                        saved("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("Git LFS pointer");
        assertThatThrownBy(() -> WeightFile.open(saved("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(WeightFileException.Unsupported.class)
                .hasMessageContaining("neither GGUF nor safetensors");
        assertThatThrownBy(() -> WeightFile.open(folder.resolve("absent")))
                .isInstanceOf(WeightFileException.Unreadable.class)
                .hasMessageContaining("No weight file at");
        assertThatThrownBy(() -> GgufFile.open(saved(adapter))).hasMessageContaining("safetensors where GGUF");
    }

    private void assertDamaged(String header, String finding) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        Path path = saved(file.array());
        assertThatThrownBy(() -> WeightFile.open(path))
                .isInstanceOf(WeightFileException.Damaged.class)
                .hasMessageContaining(finding);
    }

    private Path saved(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("model.safetensors"), bytes);
    }
}

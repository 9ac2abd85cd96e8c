package io.kaitoflow.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {

    private static final int F32 = 0;
    private static final int Q8_0 = 8;
    private static final int Q6_K = 14;

    @TempDir
    Path folder;

    @Test
    void shapesAreOutermostFirstAndValuesRowMajor() {
        byte[] bytes = new GgufBytes()
                .tensor("blk.0.attn_q.weight", F32, List.of(3L, 2L), floats(1, 2, 3, 4, 5, 6))
                .tensor("norm", F32, List.of(2L), floats(7, 8))
                .toByteArray();

        try (GgufFile file = GgufFile.open(saved(bytes))) {
            TensorEntry entry = file.tensor("blk.0.attn_q.weight");
            assertThat(entry.shape()).containsExactly(2L, 3L);
            assertThat(entry.type()).isEqualTo(ElementType.F32);
            assertThat(file.floats(entry)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(file.floats(file.tensor("norm"))).containsExactly(7, 8);
            assertThat(file.tensors()).extracting(TensorEntry::name).containsExactly("blk.0.attn_q.weight", "norm");
        }
    }

    @Test
    void metadataComesBackByKind() {
        byte[] bytes = new GgufBytes()
                .text("general.architecture", "llama")
                .whole("llama.block_count", -1)
                .real("llama.rope.freq_base", 1e5f)
                .flag("tokenizer.ggml.add_bos_token", true)
                .texts("tokenizer.ggml.tokens", List.of("a", "Ġb"))
                .wholes("tokenizer.ggml.token_type", List.of(1, -3))
                .toByteArray();

        try (GgufFile file = GgufFile.open(saved(bytes))) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.text("general.architecture")).isEqualTo("llama");
            assertThat(metadata.whole("llama.block_count")).isEqualTo(4294967295L);
            assertThat(metadata.real("llama.rope.freq_base")).isEqualTo(1e5);
            assertThat(metadata.findFlag("tokenizer.ggml.add_bos_token")).contains(true);
            assertThat(metadata.texts("tokenizer.ggml.tokens")).containsExactly("a", "Ġb");
            assertThat(metadata.wholes("tokenizer.ggml.token_type")).containsExactly(1L, -3L);
            assertThat(metadata.findText("general.name")).isEmpty();
        }
    }

    @Test
    void aMissingNameOffersTheNearest() {
        byte[] bytes = new GgufBytes()
                .whole("llama.block_count", 1)
                .tensor("token_embd.weight", F32, List.of(1L), floats(1))
                .toByteArray();

        try (GgufFile file = GgufFile.open(saved(bytes))) {
            assertThatThrownBy(() -> file.tensor("token_embed.weight"))
                    .isInstanceOf(WeightFileException.NotFound.class)
                    .hasMessageContaining("No tensor \"token_embed.weight\"")
                    .hasMessageContaining("the nearest are token_embd.weight");
            assertThatThrownBy(() -> file.metadata().whole("llama.blockcount"))
                    .isInstanceOf(WeightFileException.NotFound.class)
                    .hasMessageContaining("llama.block_count");
        }
    }

    @Test
    void aValueOfAnotherKindIsDamage() {
        byte[] bytes = new GgufBytes().text("llama.block_count", "30").toByteArray();

        try (GgufFile file = GgufFile.open(saved(bytes))) {
            assertThatThrownBy(() -> file.metadata().whole("llama.block_count"))
                    .isInstanceOf(WeightFileException.Damaged.class)
                    .hasMessageContaining("has a Text under llama.block_count where a Whole belongs");
        }
    }

    @Test
    void everyCutIsNamedAndNeverReadAsWhole() {
        byte[] whole = new GgufBytes()
                .text("general.architecture", "llama")
                .texts("tokenizer.ggml.tokens", List.of("a", "b"))
                .tensor("weight", Q8_0, List.of(32L), new byte[34])
                .toByteArray();
        int lastByteOfData = whole.length - (64 - 34);

        for (int length = 1; length < lastByteOfData; length++) {
            Path cut = saved(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> WeightFile.open(cut)).isInstanceOf(WeightFileException.class);
        }
        assertThatThrownBy(() -> WeightFile.open(saved(Arrays.copyOf(whole, lastByteOfData - 1))))
                .isInstanceOf(WeightFileException.Damaged.class)
                .hasMessageContaining("is truncated: the tensor weight ends at byte")
                .hasMessageEndingWith("fetch it again.");
    }

    @Test
    void aCountThatTheFileCannotHoldIsRefusedBeforeItIsAllocated() {
        byte[] bytes = new GgufBytes()
                .pair("huge", 9, little(12).putInt(8).putLong(Long.MAX_VALUE).array())
                .toByteArray();

        assertDamaged(bytes, "an array of length 9223372036854775807");
    }

    @Test
    void brokenHeadersAreNamed() {
        assertDamaged(new GgufBytes().pair("odd", 99, new byte[0]).toByteArray(), "unknown type 99");
        assertDamaged(new GgufBytes().whole("a", 1).whole("a", 2).toByteArray(), "the key a occurs twice");
        assertDamaged(new GgufBytes().whole("general.alignment", 24).toByteArray(), "alignment 24");
        assertDamaged(
                new GgufBytes().tensorAt("t", F32, List.of(1L), 3, floats(1)).toByteArray(), "not aligned to 32");
        assertDamaged(
                new GgufBytes().tensor("t", Q8_0, List.of(31L), new byte[34]).toByteArray(), "[31]");
        assertDamaged(
                new GgufBytes()
                        .tensor("t", F32, List.of(1L << 40, 1L << 40), floats(1))
                        .toByteArray(),
                "impossible shape");
        assertDamaged(
                new GgufBytes()
                        .tensor("t", F32, List.of(1L), floats(1))
                        .tensor("t", F32, List.of(1L), floats(1))
                        .toByteArray(),
                "lists the tensor t twice");
    }

    @Test
    void formsThatAreNotReadSayWhichAre() {
        assertUnsupported(new GgufBytes().version(1).toByteArray(), "GGUF version 1");
        assertUnsupported(new GgufBytes().version(Integer.reverseBytes(3)).toByteArray(), "big-endian");
        assertUnsupported(
                new GgufBytes().tensor("t", Q6_K, List.of(256L), new byte[210]).toByteArray(), "ggml type 14");
    }

    @Test
    void aClosedFileGivesNoBytes() {
        GgufFile file = GgufFile.open(
                saved(new GgufBytes().tensor("t", F32, List.of(1L), floats(1)).toByteArray()));
        TensorEntry entry = file.tensor("t");

        file.close();

        assertThatThrownBy(() -> file.floats(entry)).isInstanceOf(IllegalStateException.class);
    }

    private void assertDamaged(byte[] bytes, String finding) {
        assertThatThrownBy(() -> WeightFile.open(saved(bytes)))
                .isInstanceOf(WeightFileException.Damaged.class)
                .hasMessageContaining(finding)
                .hasMessageContaining("model.gguf");
    }

    private void assertUnsupported(byte[] bytes, String finding) {
        assertThatThrownBy(() -> WeightFile.open(saved(bytes)))
                .isInstanceOf(WeightFileException.Unsupported.class)
                .hasMessageContaining(finding);
    }

    private Path saved(byte[] bytes) {
        try {
            return Files.write(folder.resolve("model.gguf"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] floats(float... values) {
        ByteBuffer buffer = little(4 * values.length);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

package io.kaitoflow.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.weights.GgufBytes;
import io.kaitoflow.inference.weights.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers rebuilt from the tables of small GGUF files. */
class RebuiltTokenizerTest {

    private static final String SMILE = "🙂";

    @TempDir
    Path folder;

    @Test
    void mergesApplyInsideWordsAndSpecialTokensOnlyWhereRecognised() {
        try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-2"))) {
            assertThat(tokenizer.encode("hello<|end|>", SpecialTokens.RECOGNISED))
                    .containsExactly(ByteTokens.HELLO, ByteTokens.TURN_END);
            assertThat(tokenizer.encode("hello<|end|>", SpecialTokens.PLAIN))
                    .containsExactly(ByteTokens.HELLO, '<', '|', 'e', 'n', 'd', '|', '>');
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt-2, 1", "smollm, 2", "llama-bpe, 1", "qwen2, 2"})
    void digitsStayTogetherOrNotAsTheRuleSays(String preTokenizer, int tokens) {
        try (Tokenizer tokenizer = load(ByteTokens.gguf(preTokenizer))) {
            assertThat(tokenizer.encode("12", SpecialTokens.PLAIN)).hasSize(tokens);
        }
    }

    @Test
    void aRuleThatNormalisesDoes() {
        try (Tokenizer qwen = load(ByteTokens.gguf("qwen2"));
                Tokenizer gpt2 = load(ByteTokens.gguf("gpt-2"))) {
            String decomposed = "e\u0301";

            assertThat(qwen.encode(decomposed, SpecialTokens.PLAIN))
                    .isEqualTo(qwen.encode("\u00e9", SpecialTokens.PLAIN));
            assertThat(gpt2.encode(decomposed, SpecialTokens.PLAIN)).hasSize(3);
        }
    }

    @Test
    void aCharacterInPiecesIsHeldBackUntilItIsWhole() {
        try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-2"))) {
            int[] ids = tokenizer.encode("a" + SMILE + "b", SpecialTokens.PLAIN);
            StreamingDecoder decoder = new StreamingDecoder(tokenizer, true);

            List<String> parts = IntStream.of(ids).mapToObj(decoder::add).toList();

            assertThat(parts).containsExactly("a", "", "", "", SMILE, "b");
            assertThat(decoder.finish()).isEmpty();
        }
    }

    @Test
    void piecesThatNeverBecomeWholeShowAsReplacementAtTheEnd() {
        try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-2"))) {
            byte[] smile = SMILE.getBytes(StandardCharsets.UTF_8);
            StreamingDecoder decoder = new StreamingDecoder(tokenizer, true);

            assertThat(decoder.add(smile[0] & 0xFF)).isEmpty();
            assertThat(decoder.add('b')).isEqualTo("\uFFFDb");
            assertThat(decoder.add(smile[0] & 0xFF)).isEmpty();
            assertThat(decoder.finish()).isEqualTo("\uFFFD");
        }
    }

    @Test
    void spansCountInUtf16() {
        try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-2"))) {
            assertThat(tokenizer
                            .encodeSpans(SMILE + "hello", SpecialTokens.PLAIN)
                            .getLast())
                    .isEqualTo(new TokenSpan(ByteTokens.HELLO, 2, 7));
        }
    }

    @Test
    void aBeginningIsAskedForOnlyByItsFlag() {
        GgufBytes with = ByteTokens.gguf("gpt-2").flag("tokenizer.ggml.add_bos_token", true);

        try (Tokenizer tokenizer = load(with)) {
            assertThat(tokenizer.bosId()).hasValue(ByteTokens.TURN_START);
        }
        try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-2"))) {
            assertThat(tokenizer.bosId()).isEmpty();
        }
    }

    @Test
    void theEndOfATurnEndsAnAnswerToo() {
        GgufBytes with = ByteTokens.gguf("gpt-2").whole("tokenizer.ggml.eot_token_id", ByteTokens.TURN_START);

        try (Tokenizer tokenizer = load(with)) {
            assertThat(tokenizer.stopIds()).containsExactlyInAnyOrder(ByteTokens.TURN_START, ByteTokens.TURN_END);
        }
    }

    @Test
    void anUnknownRuleIsNamedWithItsCure() {
        assertThatThrownBy(() -> load(ByteTokens.gguf("gpt-9")))
                .isInstanceOf(TokenizerException.Unsupported.class)
                .hasMessageContaining("words cut by \"gpt-9\"")
                .hasMessageEndingWith("Put the model's tokenizer.json beside the file.");
    }

    @Test
    void aTokenizerJsonBesideTheFileStandsInForTablesThatCannotBeRebuilt() throws IOException {
        try (Tokenizer rebuilt = load(ByteTokens.gguf("gpt-2"))) {
            Files.writeString(folder.resolve("tokenizer.json"), definition());

            try (Tokenizer tokenizer = load(ByteTokens.gguf("gpt-9"))) {
                assertThat(tokenizer.digest()).isEqualTo(rebuilt.digest());
                assertThat(tokenizer.eosId()).isEqualTo(ByteTokens.TURN_END);
            }
        }
    }

    @Test
    void marksOutsideTheVocabularyAreDamage() {
        GgufBytes with = ByteTokens.gguf("gpt-2").whole("tokenizer.ggml.eot_token_id", 9999);

        assertThatThrownBy(() -> load(with))
                .isInstanceOf(TokenizerException.Damaged.class)
                .hasMessageContaining("names 9999 as its eot token");
    }

    private String definition() {
        try (GgufFile file = GgufFile.open(folder.resolve("model.gguf"))) {
            return new GgufTokenizer(file.metadata())
                    .definition(Optional.empty())
                    .json();
        }
    }

    private Tokenizer load(GgufBytes bytes) {
        try {
            Path path = Files.write(folder.resolve("model.gguf"), bytes.toByteArray());
            return ModelFiles.at(path).tokenizer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

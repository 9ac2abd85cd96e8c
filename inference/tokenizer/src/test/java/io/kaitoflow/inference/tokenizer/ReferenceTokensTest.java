package io.kaitoflow.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The tokenizer rebuilt from a real GGUF file against what the reference program answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferenceTokensTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<JsonNode> rows = rows("/smollm2/tokenizer.jsonl");
    private Tokenizer tokenizer;

    @BeforeAll
    void load() {
        tokenizer = ModelFiles.at(RealModel.gguf()).tokenizer();
    }

    @AfterAll
    void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    @Test
    void everyRowHasTheReferenceIds() {
        assertThat(rows).hasSize(389).allSatisfy(row -> {
            String text = row.path("text").asText();
            assertThat(tokenizer.encode(text, SpecialTokens.RECOGNISED)).isEqualTo(ids(row.path("ids")));
            assertThat(tokenizer.encode(text, SpecialTokens.PLAIN)).isEqualTo(ids(row.path("ids_plain")));
        });
    }

    @Test
    void everyRowDecodesAsTheReferenceDoes() {
        assertThat(rows).allSatisfy(row -> {
            String expected = row.has("decoded")
                    ? row.path("decoded").asText()
                    : row.path("text").asText();
            assertThat(tokenizer.decode(ids(row.path("ids")), true)).isEqualTo(expected);
        });
    }

    @Test
    void streamingYieldsTheSameTextAndNoBrokenCharacter() {
        assertThat(rows).allSatisfy(row -> {
            int[] ids = ids(row.path("ids"));
            StreamingDecoder decoder = new StreamingDecoder(tokenizer, true);
            StringBuilder streamed = new StringBuilder();
            for (int id : ids) {
                String part = decoder.add(id);
                assertThat(part).isEqualTo(WellFormed.of(part));
                streamed.append(part);
            }
            assertThat(streamed.append(decoder.finish())).hasToString(tokenizer.decode(ids, true));
        });
    }

    @Test
    void textLongerThanAnyDefaultLimitIsEncodedWhole() {
        assertThat(tokenizer.encode("word ".repeat(5000), SpecialTokens.PLAIN)).hasSize(5001);
    }

    @Test
    void theModelsOwnMarksAreKnown() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(49152);
        assertThat(tokenizer.bosId()).isEmpty();
        assertThat(tokenizer.eosId()).isEqualTo(2);
        assertThat(tokenizer.stopIds()).containsExactly(2);
        assertThat(tokenizer.token(2)).contains("<|im_end|>");
        assertThat(tokenizer.idOf("<|im_start|>")).hasValue(1);
        assertThat(tokenizer.token(49152)).isEmpty();
        assertThat(tokenizer.specialTokens()).hasSize(17).contains("<|im_end|>");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {49152}, true))
                .isInstanceOf(TokenizerException.UnknownToken.class)
                .hasMessageContaining("49152");
    }

    @Test
    void specialTokensVanishWhenNotKept() {
        int[] ids = tokenizer.encode("<|im_start|>user\nHi<|im_end|>", SpecialTokens.RECOGNISED);

        assertThat(tokenizer.decode(ids, false)).isEqualTo("user\nHi");
    }

    @Test
    void anUnpairedSurrogateCountsAsTheReplacementCharacter() {
        assertThat(tokenizer.encode("a\uD83Db", SpecialTokens.PLAIN))
                .isEqualTo(tokenizer.encode("a\uFFFDb", SpecialTokens.PLAIN));
    }

    @Test
    void loadingTwiceGivesTheSameDigest() {
        try (Tokenizer again = ModelFiles.at(RealModel.gguf()).tokenizer()) {
            assertThat(again.digest()).isEqualTo(tokenizer.digest());
        }
    }

    @Test
    void spansCoverTheTextInOrder() {
        assertThat(rows).allSatisfy(row -> {
            String text = row.path("text").asText();
            List<TokenSpan> spans = tokenizer.encodeSpans(text, SpecialTokens.RECOGNISED);
            assertThat(spans.stream().mapToInt(TokenSpan::id).toArray()).isEqualTo(ids(row.path("ids")));
            if (!row.has("decoded")) {
                int reached = 0;
                for (TokenSpan span : spans) {
                    assertThat(span.start()).isLessThanOrEqualTo(reached);
                    assertThat(span.end()).isGreaterThanOrEqualTo(reached);
                    reached = span.end();
                }
                assertThat(reached).isEqualTo(text.length());
            }
        });
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    static List<JsonNode> rows(String resource) {
        try (InputStream in = ReferenceTokensTest.class.getResourceAsStream(resource);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            List<JsonNode> rows = new ArrayList<>();
            for (String line : lines) {
                rows.add(JSON.readTree(line));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

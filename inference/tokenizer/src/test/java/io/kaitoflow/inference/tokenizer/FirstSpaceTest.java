package io.kaitoflow.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams of a tokenizer as Llama 2, Mistral 7B and Phi-3 have it: a text's first space is dropped, rare characters are bytes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FirstSpaceTest {

    private Tokenizer tokenizer;

    @BeforeAll
    void load() throws URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(FirstSpaceTest.class.getResource("/sentencepiece"))
                .toURI());
        tokenizer = ModelFiles.at(folder).tokenizer();
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    @Test
    void aTextOfItsOwnBeginsWithoutItsFirstSpace() {
        assertThat(streamed(new StreamingDecoder(tokenizer, false), id("▁time"), id("▁on")))
                .isEqualTo("time on");
    }

    @Test
    void whatGoesOnBehindATextKeepsItsFirstSpace() {
        assertThat(streamed(behindAQuote(), id("▁time"), id("▁on"))).isEqualTo(" time on");
        assertThat(streamed(behindAQuote(), id("time"), id("▁on"))).isEqualTo("time on");
    }

    @Test
    void aTokenThatIsNotShownTakesNoSpaceFromTheNext() {
        int hidden = id("<|end|>");

        assertThat(streamed(new StreamingDecoder(tokenizer, false), id("▁time"), hidden, hidden, id("▁on")))
                .isEqualTo("time on");
        assertThat(streamed(behindAQuote(), hidden, id("▁time"))).isEqualTo(" time");
    }

    @Test
    void charactersOfSeveralBytesAreWhole() {
        String text = "a🙂€\n🙂 on";
        int[] ids = tokenizer.encode(text, SpecialTokens.PLAIN);

        assertThat(ids).contains(id("<0xF0>"), id("<0xE2>"));
        assertThat(streamed(new StreamingDecoder(tokenizer, false), ids)).isEqualTo(text);
        assertThat(streamed(behindAQuote(), ids)).isEqualTo(" " + text);
    }

    private StreamingDecoder behindAQuote() {
        return StreamingDecoder.behind(id("\""), tokenizer, false);
    }

    private int id(String token) {
        return tokenizer.idOf(token).orElseThrow();
    }

    private static String streamed(StreamingDecoder decoder, int... ids) {
        StringBuilder text = new StringBuilder();
        IntStream.of(ids).mapToObj(decoder::add).forEach(text::append);
        return text.append(decoder.finish()).toString();
    }
}

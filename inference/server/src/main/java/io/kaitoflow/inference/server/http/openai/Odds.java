package io.kaitoflow.inference.server.http.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.inference.server.chat.TokenOdds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How likely the tokens of a choice were, in each of OpenAI's forms. */
sealed interface Odds {

    /** Of a chat reply. */
    record Content(List<Token> content, @Nullable List<Token> refusal) implements Odds {}

    /** One token with those that could have stood in its place. */
    record Token(
            String token,
            double logprob,
            @Nullable List<Integer> bytes,
            @JsonProperty("top_logprobs") List<Candidate> likeliest) {}

    /** A token that could have stood there. */
    record Candidate(String token, double logprob, @Nullable List<Integer> bytes) {}

    /** Of a text completion: four lists of the same length. */
    record Lists(
            List<String> tokens,
            @JsonProperty("token_logprobs") List<Double> logProbabilities,
            @JsonProperty("top_logprobs") List<Map<String, Double>> likeliest,
            @JsonProperty("text_offset") List<Integer> offsets)
            implements Odds {}

    /** The chat form; null when there are none. */
    static @Nullable Odds content(List<TokenOdds> odds) {
        return odds.isEmpty()
                ? null
                : new Content(odds.stream().map(Odds::token).toList(), null);
    }

    private static Token token(TokenOdds odds) {
        TokenOdds.Candidate chosen = odds.chosen();
        List<Candidate> likeliest = odds.likeliest().stream()
                .map(other -> new Candidate(other.text(), other.logProbability(), bytes(other.text())))
                .toList();
        return new Token(chosen.text(), chosen.logProbability(), bytes(chosen.text()), likeliest);
    }

    /** A token that is not whole characters has bytes that its text does not tell. */
    private static @Nullable List<Integer> bytes(String text) {
        if (text.indexOf('\uFFFD') >= 0) {
            return null;
        }
        List<Integer> all = new ArrayList<>();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            all.add(Byte.toUnsignedInt(one));
        }
        return all;
    }

    /**
     * The text form; null when there are none.
     *
     * @param offset of the first token's text in the reply
     */
    static @Nullable Odds lists(List<TokenOdds> odds, int offset) {
        if (odds.isEmpty()) {
            return null;
        }
        List<String> tokens = odds.stream().map(one -> one.chosen().text()).toList();
        List<Integer> offsets = new ArrayList<>();
        int at = offset;
        for (String token : tokens) {
            offsets.add(at);
            at += token.length();
        }
        return new Lists(
                tokens,
                odds.stream().map(one -> one.chosen().logProbability()).toList(),
                odds.stream().map(Odds::byText).toList(),
                offsets);
    }

    private static Map<String, Double> byText(TokenOdds odds) {
        Map<String, Double> all = new LinkedHashMap<>();
        odds.likeliest().forEach(other -> all.putIfAbsent(other.text(), other.logProbability()));
        return all;
    }
}

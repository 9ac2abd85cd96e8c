package io.kaitoflow.inference.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.kaitoflow.presets.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A tokenizer by Hugging Face's own library. It holds the definition twice: that library decides when it loads which
 * spellings are special, so plain encoding needs an instance that knows none.
 */
final class NativeTokenizer implements Tokenizer {

    /** Whole texts, always: the library would cut at 512 tokens by default. */
    private static final Map<String, String> NEITHER_CUT_NOR_PADDED =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final Vocabulary vocabulary;
    private final SequenceMarks marks;
    private final Digest digest;
    private final HuggingFaceTokenizer recognising;
    private final HuggingFaceTokenizer plain;

    NativeTokenizer(TokenizerDefinition definition) {
        vocabulary = definition.vocabulary();
        marks = definition.marks();
        digest = definition.digest();
        recognising = load(definition.json());
        plain = load(definition.plainJson());
    }

    private static HuggingFaceTokenizer load(String json) {
        // The binding reports its first use to its makers unless told not to.
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), NEITHER_CUT_NOR_PADDED);
        } catch (IOException | RuntimeException e) {
            throw new TokenizerException.Damaged(
                    "The tokenizer.json was refused: " + e.getMessage() + ". Fetch it again.", e);
        }
    }

    @Override
    public int[] encode(String text, SpecialTokens specialTokens) {
        return toInts(encoding(WellFormed.of(text), specialTokens).getIds());
    }

    @Override
    public List<TokenSpan> encodeSpans(String text, SpecialTokens specialTokens) {
        String wellFormed = WellFormed.of(text);
        Encoding encoding = encoding(wellFormed, specialTokens);
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] indexes = codePointIndexes(wellFormed);
        long[] ids = encoding.getIds();
        List<TokenSpan> tokens = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            tokens.add(new TokenSpan((int) ids[i], indexes[spans[i].getStart()], indexes[spans[i].getEnd()]));
        }
        return tokens;
    }

    private Encoding encoding(String text, SpecialTokens specialTokens) {
        HuggingFaceTokenizer tokenizer = switch (specialTokens) {
            case RECOGNISED -> recognising;
            case PLAIN -> plain;
        };
        return tokenizer.encode(text, false, false);
    }

    @Override
    public String decode(int[] ids, boolean keepSpecial) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary.size()) {
                throw new TokenizerException.UnknownToken("Cannot decode the id " + id + ": the vocabulary has "
                        + vocabulary.size() + " tokens. The ids come from another model.");
            }
        }
        return recognising.decode(Arrays.stream(ids).asLongStream().toArray(), !keepSpecial);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public OptionalInt bosId() {
        return marks.bosId();
    }

    @Override
    public int eosId() {
        return marks.eosId();
    }

    @Override
    public Set<Integer> stopIds() {
        return marks.stopIds();
    }

    @Override
    public Optional<String> token(int id) {
        return Optional.ofNullable(vocabulary.token(id));
    }

    @Override
    public OptionalInt idOf(String token) {
        Integer id = vocabulary.idOf(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public Set<String> specialTokens() {
        return vocabulary.special();
    }

    @Override
    public Digest digest() {
        return digest;
    }

    @Override
    public void close() {
        recognising.close();
        plain.close();
    }

    /** Where each code point begins, and at the end the text's length: the library counts in code points. */
    private static int[] codePointIndexes(String text) {
        int[] indexes = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < indexes.length; i++) {
            indexes[i] = indexes[i - 1] + Character.charCount(text.codePointAt(indexes[i - 1]));
        }
        return indexes;
    }

    private static int[] toInts(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}

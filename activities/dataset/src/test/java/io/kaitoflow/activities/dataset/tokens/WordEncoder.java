package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.rows.TrainingRow;
import io.kaitoflow.presets.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One token a word; the words of an answer, and of a text, are scored. */
final class WordEncoder implements RowEncoder {

    private final String version;

    WordEncoder(String version) {
        this.version = version;
    }

    @Override
    public TokenisedRow encode(TrainingRow row) {
        return switch (row) {
            case TrainingRow.Chat _ -> throw new RowRefusedException("words know no chats.");
            case TrainingRow.Completion(String prompt, String completion) -> words(prompt, completion);
            case TrainingRow.Text(String text) -> words("", text);
        };
    }

    @Override
    public boolean spellsMark(TrainingRow row) {
        return row instanceof TrainingRow.Text(String text) && text.contains("<|");
    }

    private static TokenisedRow words(String plain, String scored) {
        int[] first = ids(plain);
        int[] second = ids(scored);
        int[] ids = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, ids, first.length, second.length);
        boolean[] marks = new boolean[ids.length];
        Arrays.fill(marks, first.length, ids.length, true);
        return new TokenisedRow(ids, marks);
    }

    private static int[] ids(String text) {
        return text.isBlank()
                ? new int[0]
                : Arrays.stream(text.split(" "))
                        .mapToInt(word -> word.hashCode() & 0xffff)
                        .toArray();
    }

    @Override
    public Digest digest() {
        return Digest.ofSha256(Hashing.sha256().digest(version.getBytes(StandardCharsets.UTF_8)));
    }
}

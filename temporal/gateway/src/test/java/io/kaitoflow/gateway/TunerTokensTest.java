package io.kaitoflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunerTokensTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path keys = Path.of("");

    private Instant now = Instant.parse("2026-11-26T06:00:00Z");

    @BeforeEach
    void key() throws IOException {
        Files.writeString(keys.resolve("signing"), "a".repeat(32));
    }

    private TunerTokens tokens() {
        return new TunerTokens(keys, () -> now);
    }

    @Test
    void aTokenSaysWhoseTunerItIsUntilItsTimeIsOver() {
        String token = tokens().issue("uid-1", HOUR);

        now = now.plus(HOUR).minusSeconds(1);
        assertThat(tokens().holder(token)).contains("uid-1");
        now = now.plusSeconds(1);
        assertThat(tokens().holder(token)).isEmpty();
    }

    @Test
    void whatWasChangedInATokenMakesItWorthless() {
        String token = tokens().issue("uid-1", HOUR);

        assertThat(tokens().holder(token.replace("uid-1", "uid-2"))).isEmpty();
        assertThat(tokens().holder(token.replaceFirst("\\.\\d+\\.", ".99999999999.")))
                .isEmpty();
        assertThat(tokens().holder(token.substring(0, token.length() - 1))).isEmpty();
        assertThat(tokens().holder("")).isEmpty();
    }

    @Test
    void aTokenOfAnotherInstallationIsWorthless() throws IOException {
        String token = tokens().issue("uid-1", HOUR);
        Files.writeString(keys.resolve("signing"), "b".repeat(32));

        assertThat(tokens().holder(token)).isEmpty();
    }

    @Test
    void duringAChangeOfKeysBothHold() throws IOException {
        TunerTokens tokens = tokens();
        String old = tokens.issue("uid-1", HOUR);
        Files.writeString(keys.resolve("accepted"), "a".repeat(32));
        Files.writeString(keys.resolve("signing"), "b".repeat(32));
        String fresh = tokens.issue("uid-1", HOUR);

        assertThat(tokens.holder(old)).contains("uid-1");
        assertThat(tokens.holder(fresh)).contains("uid-1");

        Files.delete(keys.resolve("accepted"));
        assertThat(tokens.holder(old)).isEmpty();
        assertThat(tokens.holder(fresh)).contains("uid-1");
    }

    @Test
    void aSealedTaskIsGoodInTheHandsOfItsTunerAlone() {
        TaskSeal seal = new TaskSeal(new SealingKeys(keys));
        ByteString task = ByteString.copyFromUtf8("task");
        ByteString sealed = seal.seal("uid-1", task);

        assertThat(seal.open("uid-1", sealed)).contains(task);
        assertThat(seal.open("uid-2", sealed)).isEmpty();
        assertThat(seal.open("uid-1", task)).isEmpty();
        assertThat(seal.open("uid-1", sealed.concat(ByteString.copyFromUtf8("s"))))
                .isEmpty();
        assertThat(seal.open("uid-1", ByteString.EMPTY)).isEmpty();
    }

    @Test
    void aKeyThatIsMissingOrShortIsNamed() throws IOException {
        Files.writeString(keys.resolve("signing"), "short");
        assertThatThrownBy(this::tokens).hasMessageContaining("signing must hold 32 random bytes or more, and has 5");

        Files.delete(keys.resolve("signing"));
        assertThatThrownBy(this::tokens)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Tried to read the key");
    }

    @Test
    void onlyAUidGetsAToken() {
        assertThatThrownBy(() -> tokens().issue("a b", HOUR)).hasMessageContaining("a b");
    }
}

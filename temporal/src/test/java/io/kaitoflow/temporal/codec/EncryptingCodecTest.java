package io.kaitoflow.temporal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptingCodecTest {

    @TempDir
    private Path keys = Path.of("");

    @BeforeEach
    void key() throws IOException {
        add("first", 'a');
    }

    /** Encrypts from now on. */
    private void add(String name, char filling) throws IOException {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) filling);
        Files.writeString(keys.resolve(name), Base64.getEncoder().encodeToString(key));
        Files.writeString(keys.resolve("current"), name + "\n");
    }

    private EncryptingCodec codec() {
        return new EncryptingCodec(new PayloadKeys(keys));
    }

    private static Payload plain() {
        return DefaultDataConverter.STANDARD_INSTANCE
                .toPayload("who directs it")
                .orElseThrow();
    }

    private static Payload encrypted(EncryptingCodec codec) {
        return codec.encode(List.of(plain())).getFirst();
    }

    private static Payload decrypted(EncryptingCodec codec, Payload payload) {
        return codec.decode(List.of(payload)).getFirst();
    }

    @Test
    void whatIsKeptCannotBeReadWithoutTheKeyAndComesBackWithIt() {
        Payload kept = encrypted(codec());

        assertThat(kept.getMetadataMap().keySet()).containsExactlyInAnyOrder("encoding", "encryption-key-id");
        assertThat(new String(kept.toByteArray(), StandardCharsets.ISO_8859_1))
                .doesNotContain("directs")
                .doesNotContain("json/plain");
        assertThat(decrypted(codec(), kept)).isEqualTo(plain());
    }

    @Test
    void theSameIsNeverEncryptedToTheSame() {
        EncryptingCodec codec = codec();

        assertThat(encrypted(codec)).isNotEqualTo(encrypted(codec));
    }

    @Test
    void whatIsNotEncryptedIsReadAsItIs() {
        assertThat(decrypted(codec(), plain())).isEqualTo(plain());
    }

    @Test
    void aNewKeyCountsAtOnceAndTheOldOneStillReads() throws IOException {
        EncryptingCodec codec = codec();
        Payload old = encrypted(codec);
        add("second", 'b');

        Payload fresh = encrypted(codec);
        assertThat(fresh.getMetadataOrThrow("encryption-key-id").toStringUtf8()).isEqualTo("second");
        assertThat(decrypted(codec, fresh)).isEqualTo(plain());
        assertThat(decrypted(codec, old)).isEqualTo(plain());
    }

    @Test
    void whatWasChangedIsRefused() {
        Payload kept = encrypted(codec());
        byte[] changed = kept.getData().toByteArray();
        changed[changed.length - 1] ^= 1;

        assertRefused(kept.toBuilder().setData(ByteString.copyFrom(changed)).build(), "was changed");
        assertRefused(kept.toBuilder().setData(ByteString.EMPTY).build(), "ends before it begins");
    }

    private void assertRefused(Payload payload, String why) {
        assertThatThrownBy(() -> decrypted(codec(), payload))
                .isInstanceOf(DataConverterException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aKeyThatIsMissingOrNoneIsNamed() throws IOException {
        Payload kept = encrypted(codec());
        assertRefused(named(kept, "lost"), "lost");
        assertRefused(named(kept, "../first"), "Not the name of a key");

        Files.writeString(keys.resolve("first"), "c2hvcnQ=");
        assertThatThrownBy(this::codec).hasMessageContaining("first must hold 32 random bytes in Base64");
        Files.delete(keys.resolve("current"));
        assertThatThrownBy(this::codec).hasMessageContaining("current").hasMessageContaining("Put it back");
    }

    private static Payload named(Payload payload, String key) {
        return payload.toBuilder()
                .putMetadata("encryption-key-id", ByteString.copyFromUtf8(key))
                .build();
    }
}

package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DigestTest {

    @Test
    void theDigestOfATextIsTheOneOfItsBytesInUtf8() {
        assertThat(Digest.ofText("abc").hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Digest.ofText("ü")).isNotEqualTo(Digest.ofText("u"));
    }

    @Test
    void whatIsNoDigestIsRefusedWithItsForm() {
        assertThatThrownBy(() -> Digest.parse("sha256:abc"))
                .hasMessage("Not a digest: \"sha256:abc\"; expected sha256: and 64 hex digits");
    }
}

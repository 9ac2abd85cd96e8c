package io.kaitoflow.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

class GradModeTest {
    @Test
    void isRestoredWhenClosed() {
        try (var outer = GradMode.on()) {
            try (var inner = GradMode.off()) {
                assertThat(JniUtils.isGradMode()).isFalse();
            }
            assertThat(JniUtils.isGradMode()).isTrue();
        }
    }

    @Test
    void belongsToOneThread() throws InterruptedException {
        try (var here = GradMode.off()) {
            var there = new boolean[1];
            var thread = new Thread(() -> there[0] = JniUtils.isGradMode());
            thread.start();
            thread.join();

            assertThat(there[0]).isTrue();
        }
    }
}

package io.kaitoflow.inference.tensor;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Whether PyTorch records operations for automatic differentiation, a setting of the calling thread.
 *
 * <p>It is on in every new thread, and a recorded call keeps all its intermediate tensors alive. So each thread that only
 * computes opens {@link #off()} around its work; closing puts the former setting back.
 */
public final class GradMode implements AutoCloseable {
    private final boolean before;

    private GradMode(boolean recording) {
        TorchEngine.start();
        before = JniUtils.isGradMode();
        JniUtils.setGradMode(recording);
    }

    /** Stops recording on this thread until closed. */
    public static GradMode off() {
        return new GradMode(false);
    }

    /** Records on this thread until closed. */
    public static GradMode on() {
        return new GradMode(true);
    }

    @Override
    public void close() {
        JniUtils.setGradMode(before);
    }
}

package io.kaitoflow.inference.adapter;

import io.kaitoflow.inference.weights.SafetensorsFile;
import io.kaitoflow.inference.weights.TensorEntry;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/** An adapter's file of weights, which is open for as long as anybody has a matrix of it. */
final class MatrixFile {
    private static final Cleaner CLEANER = Cleaner.create();

    private final SafetensorsFile file;

    /** Owns the file. */
    MatrixFile(SafetensorsFile file) {
        this.file = file;
        CLEANER.register(this, file::close);
    }

    float[] numbers(TensorEntry entry) {
        try {
            return file.floats(entry);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}

package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that is fetched once more when its bytes are wrong, and then given up. */
record VerifiedFile(Path target, Optional<Digest> expected, String source) {

    private static final int ATTEMPTS = 2;

    /** Puts the whole file at the target. */
    @FunctionalInterface
    interface Fetch {
        void run(int attempt) throws IOException;
    }

    /** What an earlier run left at the target is kept where its digest can prove it. */
    Digest fetch(Fetch fetch, ProgressListener listener) throws IOException {
        if (expected.isPresent() && Files.exists(target)) {
            Digest kept = Hashing.of(target, listener);
            if (kept.equals(expected.get())) {
                return kept;
            }
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Files.deleteIfExists(target);
            fetch.run(attempt);
            Digest actual = Hashing.of(target, listener);
            if (expected.isEmpty() || actual.equals(expected.get())) {
                return actual;
            }
        }
        Files.delete(target);
        throw new ModelException.DigestMismatch(source + " gave other bytes than the pinned " + expected.orElseThrow()
                + " twice; both copies were deleted.");
    }
}

package io.kaitoflow.activities.dataset.files;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of large files, in pieces, so that the listener hears of each. */
public final class Hashing {

    private static final int PIECE_BYTES = 4 << 20;

    private Hashing() {}

    public static Digest of(Path file, ProgressListener listener) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            String activity = "checking " + file.getFileName();
            return copy(bytes, OutputStream.nullOutputStream(), activity, Files.size(file), listener);
        }
    }

    /** Copies to the end and says what was copied. */
    public static Digest copy(InputStream from, OutputStream to, String activity, long total, ProgressListener listener)
            throws IOException {
        MessageDigest hash = sha256();
        byte[] piece = new byte[PIECE_BYTES];
        long done = 0;
        int read;
        while ((read = from.readNBytes(piece, 0, piece.length)) > 0) {
            hash.update(piece, 0, read);
            to.write(piece, 0, read);
            done += read;
            listener.report(activity, done, total);
        }
        return Digest.ofSha256(hash.digest());
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

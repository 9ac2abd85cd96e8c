package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.rows.FileKind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Ways to pack a file, none of which is read here. */
enum Compression {
    GZIP("gz", "1f8b"),
    ZSTD("zst", "28b52ffd"),
    ZIP("zip", "504b0304"),
    BZIP2("bz2", "425a68"),
    XZ("xz", "fd377a585a00");

    private final String extension;
    private final byte[] magic;

    Compression(String extension, String magic) {
        this.extension = extension;
        this.magic = HexFormat.of().parseHex(magic);
    }

    /** The kind of data in a packed file, by its name: jsonl of {@code a.jsonl.gz}. */
    static Optional<FileKind> packed(String name) {
        return Arrays.stream(values())
                .map(way -> "." + way.extension)
                .filter(name.toLowerCase(Locale.ROOT)::endsWith)
                .findFirst()
                .flatMap(end -> FileKind.ofName(name.substring(0, name.length() - end.length())));
    }

    /**
     * Whatever the file is called.
     *
     * @param head first bytes of the file
     * @throws DatasetException.Invalid when they are those of a packed file
     */
    static void requireNone(String name, byte[] head) {
        for (Compression way : values()) {
            if (way.begins(head)) {
                throw new DatasetException.Invalid(
                        name + " is compressed (" + way.name().toLowerCase(Locale.ROOT) + "); unpack it.");
            }
        }
    }

    private boolean begins(byte[] head) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }
}

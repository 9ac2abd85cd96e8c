package io.kaitoflow.activities.image.registry;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;

/** Where answers go. All are bounded: a registry cannot fill the memory or the disk. */
final class Bodies {

    /** More than any manifest or error text needs. */
    static final long SMALL = 4 << 20;

    private Bodies() {}

    static BodyHandler<byte[]> limited(long bytes) {
        return BodyHandlers.limiting(BodyHandlers.ofByteArray(), bytes);
    }

    /** A 200's body goes to the file, any other into memory. */
    static BodyHandler<byte[]> toFile(Path file, long bytes) {
        BodyHandler<byte[]> stored = answer -> BodySubscribers.mapping(BodySubscribers.ofFile(file), _ -> new byte[0]);
        BodyHandler<byte[]> bounded = BodyHandlers.limiting(stored, bytes);
        return answer -> answer.statusCode() == 200
                ? bounded.apply(answer)
                : limited(SMALL).apply(answer);
    }
}

package io.kaitoflow.temporal.codec;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/**
 * How payloads are decrypted for people.
 *
 * @param address to listen on; port 0 takes a free one
 * @param token file with the word that opens it
 * @param origins of Web UIs whose pages may ask, e.g. {@code http://127.0.0.1:8233}
 */
public record CodecSettings(InetSocketAddress address, Path token, Set<String> origins) {

    public CodecSettings {
        origins = Set.copyOf(origins);
    }
}

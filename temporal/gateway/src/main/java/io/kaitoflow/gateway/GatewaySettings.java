package io.kaitoflow.gateway;

import io.temporal.payload.codec.PayloadCodec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway is served.
 *
 * @param address to listen on; port 0 takes a free one
 * @param keys folder with the file {@code signing}, 32 random bytes or more, and {@code accepted} while it is changed
 * @param certificate shows the gateway's; without it nothing is encrypted
 * @param codec by which the server keeps payloads secret; tuners see them as they are
 */
public record GatewaySettings(
        InetSocketAddress address, Path keys, @Nullable KeyManager certificate, Optional<PayloadCodec> codec) {}

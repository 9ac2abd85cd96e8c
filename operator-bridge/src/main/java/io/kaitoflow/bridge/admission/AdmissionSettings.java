package io.kaitoflow.bridge.admission;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the webhook is served.
 *
 * @param address to listen on; port 0 takes a free one
 * @param certificate PEM file with the certificate and its chain, the webhook's own first
 * @param key PEM file with the private key, PKCS#8 or RSA in PKCS#1
 * @param budget for questions to the API server within one review; below the webhook's own timeout
 */
public record AdmissionSettings(InetSocketAddress address, Path certificate, Path key, Duration budget) {

    /** Leaves a quarter of the API server's two seconds for everything else. */
    public static final Duration BUDGET = Duration.ofMillis(1500);
}

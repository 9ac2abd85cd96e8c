package io.kaitoflow.temporal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;

/**
 * Certificates that lie in a folder, as whoever connects needs them. They are looked at each minute, so renewed ones count when it connects
 * anew and without a restart.
 */
final class FolderCertificates {

    static final String AUTHORITY = "ca.crt";
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";

    private final Path folder;

    FolderCertificates(Path folder) {
        this.folder = folder;
    }

    /** Whether there are any. */
    boolean exist() {
        return has(AUTHORITY) || has(CERTIFICATE);
    }

    /**
     * Believes the authority in the folder, or without one the public ones, and shows the certificate in the folder where there is one.
     *
     * @param looks for renewed ones
     * @throws TemporalException when a file cannot be read
     */
    SslContext client(FileLooks looks) {
        try {
            SslContextBuilder context = GrpcSslContexts.forClient();
            if (has(AUTHORITY)) {
                context.trustManager(authority(looks));
            }
            if (has(CERTIFICATE)) {
                context.keyManager(own(looks));
            }
            return context.build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new TemporalException("The certificates in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private AdvancedTlsX509TrustManager authority(FileLooks looks) throws IOException, GeneralSecurityException {
        AdvancedTlsX509TrustManager authority =
                AdvancedTlsX509TrustManager.newBuilder().build();
        looks.add(authority.updateTrustCredentials(
                folder.resolve(AUTHORITY).toFile(), 1, TimeUnit.MINUTES, looks.thread())::close);
        return authority;
    }

    private AdvancedTlsX509KeyManager own(FileLooks looks) throws IOException, GeneralSecurityException {
        AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
        looks.add(
                own.updateIdentityCredentials(
                        folder.resolve(CERTIFICATE).toFile(),
                        folder.resolve(KEY).toFile(),
                        1,
                        TimeUnit.MINUTES,
                        looks.thread())::close);
        return own;
    }

    private boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }
}

package io.kaitoflow.bridge.admission;

import io.kaitoflow.bridge.admission.PemFiles.Identity;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the certificate that the files hold at the time of a connection. While they change and do not fit together, the one
 * before is shown.
 */
public final class ServingCertificate extends X509ExtendedKeyManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

    private final PemFiles files;
    private volatile Loaded loaded;

    /** An identity, and when its files were written. Its name lets one handshake see one identity only. */
    private record Loaded(
            Identity identity,
            List<FileTime> stamp,
            String name,
            @Nullable Loaded before) {}

    /** @throws CertificateException when the files hold no certificate with its key */
    public ServingCertificate(Path certificate, Path key) {
        this.files = new PemFiles(certificate, key);
        this.loaded = new Loaded(files.read(), List.of(), "0", null);
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {this}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has TLS", e);
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Loaded now = refreshed();
        return now.identity().key().getAlgorithm().equals(keyType) ? now.name() : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return named(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return named(alias).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {loaded.name()};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private Identity named(String alias) {
        Loaded now = loaded;
        Loaded before = now.before();
        return before != null && before.name().equals(alias) ? before.identity() : now.identity();
    }

    private synchronized Loaded refreshed() {
        try {
            List<FileTime> stamp = files.stamp();
            if (!stamp.equals(loaded.stamp())) {
                Loaded before = new Loaded(loaded.identity(), loaded.stamp(), loaded.name(), null);
                loaded = new Loaded(files.read(), stamp, stamp.toString(), before);
            }
        } catch (IOException | CertificateException e) {
            LOG.warn("The certificate on disk cannot be used yet; the one before is shown. {}", e.getMessage());
        }
        return loaded;
    }
}

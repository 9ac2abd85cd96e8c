package io.kaitoflow.activities.image.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Authorities of a company, whose registries and hubs are trusted as those are that the public ones vouch for. */
public final class PrivateAuthorities {

    /** Certificates in PEM form, one after the other; they are no secret. */
    public static final String VARIABLE = "KAITOFLOW_AUTHORITIES";

    private PrivateAuthorities() {}

    /**
     * Every connection that this process opens afterwards trusts those that the environment names, beside the public ones.
     *
     * @throws IllegalArgumentException when the variable is set and holds no certificate
     */
    public static void trust(Map<String, String> environment) {
        Optional.ofNullable(environment.get(VARIABLE))
                .filter(pem -> !pem.isBlank())
                .map(PrivateAuthorities::context)
                .ifPresent(SSLContext::setDefault);
    }

    static SSLContext context(String pem) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(store(trusted(pem))), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    VARIABLE + " cannot be read (" + e.getMessage()
                            + "). Give certificates in PEM form, each from -----BEGIN CERTIFICATE----- to its end.",
                    e);
        }
    }

    static List<Certificate> trusted(String pem) throws GeneralSecurityException {
        List<Certificate> trusted = new ArrayList<>(certificates(pem));
        publicOnes().forEach(trusted::add);
        return trusted;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        if (found.isEmpty()) {
            throw new GeneralSecurityException("there is none in it");
        }
        return found;
    }

    private static Stream<Certificate> publicOnes() throws GeneralSecurityException {
        return Stream.of(managers(null))
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()));
    }

    private static KeyStore store(List<Certificate> trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int number = 0; number < trusted.size(); number++) {
            store.setCertificateEntry(String.valueOf(number), trusted.get(number));
        }
        return store;
    }

    /** Of the JDK's own authorities when no store is given. */
    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}

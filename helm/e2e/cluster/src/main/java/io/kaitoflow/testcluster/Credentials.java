package io.kaitoflow.testcluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Who may talk to an API server, and how. The server makes its own certificate; the one user is an administrator, who may
 * impersonate all others.
 *
 * @param folder holds the files
 * @param port the API server's
 */
record Credentials(Path folder, int port) {

    private static final String TOKEN = "only-for-tests";

    /** Writes what has to be there before the API server starts. */
    void write() throws IOException {
        Files.writeString(tokens(), TOKEN + ",admin,admin,system:masters\n");
        Files.writeString(serviceAccountKey(), pem());
        Files.writeString(kubeconfig(), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: test, user: admin}}]
                clusters: [{name: test, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: admin, user: {token: %s}}]
                """.formatted(url(), certificate(), TOKEN));
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    Path tokens() {
        return folder.resolve("tokens.csv");
    }

    Path serviceAccountKey() {
        return folder.resolve("service-accounts.key");
    }

    /** Where the API server puts its own certificate. */
    Path certificates() {
        return folder.resolve("certificates");
    }

    Path certificate() {
        return certificates().resolve("apiserver.crt");
    }

    Path certificateKey() {
        return certificates().resolve("apiserver.key");
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    Config clientConfig() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withCaCertFile(certificate().toString())
                .withOauthToken(TOKEN)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static String pem() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has RSA", e);
        }
    }
}

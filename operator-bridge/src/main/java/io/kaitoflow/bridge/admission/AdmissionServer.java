package io.kaitoflow.bridge.admission;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves {@code POST /validate} over HTTPS, and {@code GET /healthz}. A certificate that changes on disk is taken up by the next
 * connection. Closing waits for no request: the API server goes on without an answer.
 */
public final class AdmissionServer implements AutoCloseable {

    private final HttpsServer server;
    private final ApiServerView cluster;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private AdmissionServer(HttpsServer server, ApiServerView cluster) {
        this.server = server;
        this.cluster = cluster;
    }

    /**
     * Starts serving.
     *
     * @param outlook on wishes that nothing is wrong with
     * @param client is not closed by this; it needs to get ConfigMaps and to create SubjectAccessReviews
     * @throws UncheckedIOException when the address is taken
     * @throws CertificateException when the files hold no certificate with its key
     */
    public static AdmissionServer start(
            AdmissionSettings settings, WorkspaceTranslator translator, Outlook outlook, KubernetesClient client) {
        ServingCertificate certificate = new ServingCertificate(settings.certificate(), settings.key());
        try {
            HttpsServer server = HttpsServer.create(settings.address(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
            AdmissionServer started = new AdmissionServer(server, new ApiServerView(client, settings.budget()));
            started.serve(new WorkspaceAdmission(translator, outlook, started.cluster));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to listen on " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        cluster.close();
        threads.close();
    }

    private void serve(WorkspaceAdmission admission) {
        server.createContext("/validate", new AdmissionHandler(admission));
        server.createContext("/healthz", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.setExecutor(threads);
        server.start();
    }
}

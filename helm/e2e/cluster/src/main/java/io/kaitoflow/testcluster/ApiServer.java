package io.kaitoflow.testcluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real etcd and a real kube-apiserver on 127.0.0.1, empty at first. They can be killed and started again on the same data and
 * the same ports. No controller runs: nothing is garbage collected, and a deleted namespace stays.
 *
 * <p>Whoever starts it closes it; {@link WithApiServer} does both for tests.
 */
public final class ApiServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Tools tools;
    private final Path folder;
    private final Credentials credentials;
    private final int etcdPort = FreePorts.next();
    private final int peerPort = FreePorts.next();
    private final AtomicInteger namespaces = new AtomicInteger();
    private Program etcd;
    private Program server;
    private KubernetesClient client;

    private ApiServer(Tools tools, Path folder, Credentials credentials) {
        this.tools = tools;
        this.folder = folder;
        this.credentials = credentials;
        this.etcd = startEtcd();
        this.server = startServer();
        this.client = connect();
    }

    /**
     * Starts both and waits until they answer, some 5 seconds.
     *
     * @throws IllegalStateException when the programs are not there; the message says how to get them
     */
    public static ApiServer start() {
        Tools tools = Tools.find();
        try {
            Path folder = Files.createTempDirectory("kaitoflow-apiserver");
            Credentials credentials = new Credentials(folder, FreePorts.next());
            credentials.write();
            return new ApiServer(tools, folder, credentials);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to prepare an API server", e);
        }
    }

    /** An administrator's client; valid until the next restart, and closed with the server. */
    public KubernetesClient client() {
        return client;
    }

    /** What a client of an administrator needs, for those who build their own. */
    public Config clientConfig() {
        return credentials.clientConfig();
    }

    /** A file for whoever takes {@code --kubeconfig}. */
    public Path kubeconfig() {
        return credentials.kubeconfig();
    }

    /** Of the server itself, which its clients trust. */
    public Path certificate() {
        return credentials.certificate();
    }

    /** The key to it, for whoever stands in for the server. */
    public Path certificateKey() {
        return credentials.certificateKey();
    }

    /** The real kubectl as an administrator. */
    public Kubectl kubectl() {
        return new Kubectl(tools.program("kubectl"), kubeconfig());
    }

    /** Makes a namespace that no other test uses. */
    public String newNamespace() {
        String name = "test-" + namespaces.incrementAndGet();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /**
     * Applies a custom resource definition and waits until objects can be made of it and kubectl can explain it.
     *
     * @param name the definition's, e.g. {@code workspaces.kaito.sh}
     */
    public void define(Path definition, String name) {
        kubectl()
                .run("apply", "--server-side", "--filename", definition.toString())
                .orFail();
        // Not by `kubectl wait`: it stumbles over a definition that has no condition yet.
        await(() -> kubectl().run("get", name).status() == 0);
        await(() -> kubectl().run("explain", name).status() == 0);
    }

    /** Kills the API server as {@code kill -9} does; etcd goes on. */
    public void kill() {
        client.close();
        server.close();
    }

    /** Starts the API server again, on the same port and data, and waits until it answers. Kill it first. */
    public void restart() {
        server = startServer();
        client = connect();
    }

    /** Kills etcd as {@code kill -9} does and starts it again on the same data; the API server finds it by itself. */
    public void restartEtcd() {
        etcd.close();
        etcd = startEtcd();
    }

    @Override
    public void close() {
        kill();
        etcd.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to remove " + folder, e);
        }
    }

    private Program startEtcd() {
        String peer = "http://127.0.0.1:" + peerPort;
        return Program.start(
                List.of(
                        tools.program("etcd").toString(),
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + etcdUrl(),
                        "--advertise-client-urls=" + etcdUrl(),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--unsafe-no-fsync"),
                folder.resolve("etcd.log"));
    }

    private String etcdUrl() {
        return "http://127.0.0.1:" + etcdPort;
    }

    private Program startServer() {
        return Program.start(
                List.of(
                        tools.program("kube-apiserver").toString(),
                        "--etcd-servers=" + etcdUrl(),
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + credentials.port(),
                        "--cert-dir=" + credentials.certificates(),
                        "--token-auth-file=" + credentials.tokens(),
                        "--service-account-key-file=" + credentials.serviceAccountKey(),
                        "--service-account-signing-key-file=" + credentials.serviceAccountKey(),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-cluster-ip-range=10.0.0.0/24",
                        "--authorization-mode=RBAC",
                        // No controller would take the taint of a new node away once it is ready.
                        "--disable-admission-plugins=TaintNodesByCondition",
                        // It would look for an address of this machine to hand out; nobody asks for it.
                        "--endpoint-reconciler-type=none"),
                folder.resolve("kube-apiserver.log"));
    }

    private KubernetesClient connect() {
        await(() -> Files.exists(credentials.certificate()));
        KubernetesClient connected = new KubernetesClientBuilder()
                .withConfig(credentials.clientConfig())
                .build();
        await(() -> ready(connected));
        return connected;
    }

    private static boolean ready(KubernetesClient client) {
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private void await(Callable<Boolean> condition) {
        Awaitility.await("kube-apiserver")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast(this::checkAlive)
                .until(condition);
    }

    private void checkAlive() {
        if (!etcd.running() || !server.running()) {
            throw new IllegalStateException(
                    "It ended by itself.\netcd: " + etcd.lastWords() + "\nkube-apiserver: " + server.lastWords());
        }
    }
}

package io.kaitoflow.activities.nodes.quota;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.ServerAnswer;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Registers in ConfigMaps beside the control plane, one a namespace in which somebody holds or wants machines. A change is written
 * over the version that was read and over no other, so of two at once one reads again.
 */
final class RegisterStore {

    /** A replica changes a register once at a time, so whoever loses this often has lost to as many others. */
    private static final int TRIES = 50;

    private static final String KIND = "kaito.sh/queue";

    private final KubernetesClient client;
    private final QueueSettings settings;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    RegisterStore(KubernetesClient client, QueueSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Makes a change and returns what came of it; an equal register is not written, and an empty one not kept. */
    Register change(String namespace, UnaryOperator<Register> change) {
        ReentrantLock lock = locks.computeIfAbsent(namespace, name -> new ReentrantLock());
        lock.lock();
        try {
            return changeAlone(namespace, change);
        } finally {
            lock.unlock();
        }
    }

    private Register changeAlone(String namespace, UnaryOperator<Register> change) {
        for (int i = 0; i < TRIES; i++) {
            Optional<ConfigMap> found = read(namespace);
            Register before = found.map(RegisterStore::registerOf).orElseGet(Register::empty);
            Register after = change.apply(before);
            if (after.equals(before) || written(namespace, found, after)) {
                return after;
            }
        }
        throw new NodeException.Unanswered("ConfigMap " + settings.name(namespace)
                + " was changed by others while it was read, " + TRIES + " times.");
    }

    static Register registerOf(ConfigMap kept) {
        return RegisterText.read(kept.getData());
    }

    static Optional<String> namespaceOf(ConfigMap kept) {
        return Optional.ofNullable(kept.getMetadata().getLabels()).map(labels -> labels.get(ClaimLabels.NAMESPACE));
    }

    Map<String, String> labels() {
        return Map.of(ClaimLabels.INSTALLATION, settings.installation(), KIND, "true");
    }

    /** False when somebody else changed it since it was read. */
    private boolean written(String namespace, Optional<ConfigMap> found, Register after) {
        try {
            return call("Writing ConfigMap " + settings.name(namespace), () -> write(namespace, found, after));
        } catch (Changed meanwhile) {
            return false;
        }
    }

    private boolean write(String namespace, Optional<ConfigMap> found, Register after) {
        if (found.isEmpty()) {
            client.resource(named(namespace, after)).create();
        } else if (after.isEmpty()) {
            client.resource(found.get()).lockResourceVersion().delete();
        } else {
            ConfigMap changed = new ConfigMapBuilder(found.get())
                    .withData(RegisterText.write(after))
                    .build();
            client.resource(changed).lockResourceVersion().update();
        }
        return true;
    }

    private ConfigMap named(String namespace, Register register) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(settings.name(namespace))
                .withNamespace(settings.namespace())
                .withLabels(labels())
                .addToLabels(ClaimLabels.NAMESPACE, namespace)
                .endMetadata()
                .withData(RegisterText.write(register))
                .build();
    }

    private Optional<ConfigMap> read(String namespace) {
        return call(
                "Reading ConfigMap " + settings.name(namespace),
                () -> Optional.ofNullable(client.configMaps()
                        .inNamespace(settings.namespace())
                        .withName(settings.name(namespace))
                        .get()));
    }

    private static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            ServerAnswer answer = ServerAnswer.to(what, e);
            throw switch (answer.code()) {
                // One that is not there any more had nothing in it, and is made anew.
                case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND ->
                    new Changed(answer.sentence());
                default -> answer.failure();
            };
        }
    }

    /** Somebody was faster. */
    private static final class Changed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Changed(String message) {
            super(message);
        }
    }
}

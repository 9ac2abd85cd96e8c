package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.preflight.PodTrial;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.ServerKeys;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tuner and server as pods on the leased node. Nothing is kept in this process: what exists is read anew at every call, so that any
 * replica may go on where another stopped.
 */
public final class ClusterRollout implements Rollout, PodTrial {

    /** No machine is leased yet when a template is tried. */
    private static final LeasedNode SOME_NODE = new LeasedNode("not-leased-yet");

    private final ClusterObjects objects;
    private final TunerPods tuners;
    private final Servers servers;
    private final ServerManifests manifests;
    private final LastReady lastReady;
    private final RuntimeImages images;

    /**
     * @param client stays the caller's
     * @param access lets tuners in where they poll
     */
    public ClusterRollout(KubernetesClient client, ClusterSettings settings, TunerAccess access) {
        this(client, settings, access, PodQuestion.byAddress());
    }

    ClusterRollout(KubernetesClient client, ClusterSettings settings, TunerAccess access, PodQuestion question) {
        objects = new ClusterObjects(client);
        tuners = new TunerPods(objects, settings, access);
        servers = new Servers(objects, settings, question);
        manifests = new ServerManifests(settings);
        lastReady = new LastReady(objects);
        images = settings.images();
    }

    @Override
    public TunerHandle startTuner(TunerInput input) {
        return startTuner(input, evidence -> {});
    }

    @Override
    public TunerHandle startTuner(TunerInput input, Consumer<String> waiting) {
        return new TunerHandle(TaskQueues.tuner(input.id()), "pod " + tuners.start(input, waiting));
    }

    @Override
    public TunerHandle startPusher(PusherInput input, Consumer<String> waiting) {
        return new TunerHandle(TaskQueues.tuner(input.id()), "pod " + tuners.start(input, waiting));
    }

    @Override
    public TunerEnd tunerEnd(WorkspaceId id) {
        return tuners.end(id);
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        tuners.stop(id);
    }

    @Override
    public boolean servedInPlace(RollInput input) {
        return servers.stands(input);
    }

    @Override
    public Endpoint roll(RollInput input, Runnable waiting) {
        return roll(input, evidence -> waiting.run());
    }

    @Override
    public Endpoint roll(RollInput input, Consumer<String> waiting) {
        boolean opens = opens(manifests.service(input));
        if (!opens) {
            objects.apply(manifests.service(input));
        }
        Optional<RollInput> before = lastReady.before(input);
        try {
            servers.run(input, waiting);
        } catch (RolloutException failed) {
            return takenBack(before.filter(good -> blames(failed)).orElseThrow(() -> failed), input, failed, waiting);
        }
        if (opens) {
            objects.apply(manifests.service(input));
        }
        lastReady.remember(input.on(input.lease()));
        return new Endpoint(url(input.id()), model(input), Optional.empty(), input.adapters());
    }

    /**
     * Whether an address that nobody outside has reached is to be reached from there. It is when the server that is wanted answers: the
     * one that stands may ask nobody for a key.
     */
    private boolean opens(Service wanted) {
        return isOpen(wanted)
                && objects.read(wanted).filter(found -> !isOpen(found)).isPresent();
    }

    private static boolean isOpen(Service service) {
        return "LoadBalancer".equals(service.getSpec().getType());
    }

    /** Whether the new server is to blame, and not a wait that was broken off or an API server that does not answer. */
    private static boolean blames(RolloutException failed) {
        return !(failed instanceof RolloutException.Unanswered)
                && !Thread.currentThread().isInterrupted();
    }

    /**
     * Whoever asks is better served by what was good before than by nothing. What is not to be reached from outside any more is not
     * reached from there again, and what never was is closed before it answers.
     */
    private Endpoint takenBack(RollInput before, RollInput wanted, RolloutException failed, Consumer<String> waiting) {
        boolean open = before.terms().loadBalancer() && wanted.terms().loadBalancer();
        try {
            objects.apply(manifests.service(before, open));
            servers.run(before, waiting);
        } catch (RolloutException alsoFailed) {
            failed.addSuppressed(alsoFailed);
            throw failed;
        }
        return new Endpoint(
                url(before.id()),
                model(before),
                Optional.of(failed.getMessage() + " What served before serves again: " + served(before) + "."),
                before.adapters());
    }

    /** A pod of the owner's own is judged by the API server, as if it were applied; ours need an image for the machines. */
    @Override
    public List<Finding> check(PreflightActivities.Input input) {
        WorkspaceRequest request = input.request();
        Optional<String> template = request.goal().template();
        template.ifPresent(own -> objects.tryToApply(manifests.deployment(request.id(), SOME_NODE, own)));
        boolean byVllm = template.isEmpty()
                && request.serving().byVllm()
                && request.goal().serves();
        if (byVllm) {
            manifests.requireVllm();
        }
        if (request.goal().tuning().isPresent() || (template.isEmpty() && !byVllm)) {
            input.plan().machines().forEach(images::on);
        }
        return List.of();
    }

    @Override
    public void retire(WorkspaceId id) {
        servers.stop(id, named(id));
    }

    /** The pod itself: the Service may not lead to one that has only just become ready. */
    @Override
    public String reach(RollInput input, Endpoint endpoint) {
        return objects.pods(input.id(), Role.SERVER).stream()
                .filter(pod -> !pod.isMarkedForDeletion())
                .flatMap(pod -> PodQuestion.address(pod).stream())
                .findFirst()
                .orElse(endpoint.url());
    }

    @Override
    public Optional<String> key(RollInput input) {
        return input.terms()
                .apiKeys()
                .flatMap(secret -> objects.read(ServerKeys.named(input.id().namespace(), secret)))
                .flatMap(ServerKeys::first);
    }

    private static Deployment named(WorkspaceId id) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(id.name())
                .withNamespace(id.namespace())
                .endMetadata()
                .build();
    }

    private static String url(WorkspaceId id) {
        return "http://" + id.name() + "." + id.namespace() + ".svc";
    }

    private static String served(RollInput input) {
        return input.adapters().isEmpty()
                ? input.preset().name()
                : input.adapters().stream()
                        .map(adapter -> adapter.name() + " (" + adapter.origin() + ")")
                        .collect(Collectors.joining(", "));
    }

    private static String model(RollInput input) {
        return input.adapters().stream()
                .map(ServedAdapter::name)
                .findFirst()
                .orElse(input.preset().name());
    }
}

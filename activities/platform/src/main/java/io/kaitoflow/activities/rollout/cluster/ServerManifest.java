package io.kaitoflow.activities.rollout.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.LimitArguments;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The server's Deployment. It alone says what is served: the pods read it from their own annotation, so that one write changes all
 * of it, and one write takes it back.
 */
final class ServerManifest {

    /** What is served, as {@link ServedModel} in JSON; the fetcher reads it. */
    static final String SERVED = "kaito.sh/served";

    private static final int PORT = ServiceManifest.SERVER_PORT;
    private static final String SERVED_FOLDER = "/run/kaitoflow/served";
    private static final int START_LIMIT_SECONDS = 1200;

    /** Replies under way get twenty. */
    private static final long GRACE_SECONDS = 30;

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final ClusterSettings settings;
    private final RuntimePod runtime;

    ServerManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
    }

    Deployment deployment(RollInput input) {
        refuseWhatCannotBe(input);
        PodTemplateSpec template = template(input);
        template.getMetadata().getLabels().put(PodLabels.ROLLOUT, hash(template, input));
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(input.id().name())
                .withNamespace(input.id().namespace())
                .withLabels(PodLabels.of(input.id(), Role.SERVER, settings.installation()))
                .withOwnerReferences(PodLabels.owner(input.id()))
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .withRevisionHistoryLimit(2)
                .withProgressDeadlineSeconds(START_LIMIT_SECONDS)
                // The machine has its devices once: the old pod makes room for the new one.
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(PodLabels.selector(input.id(), Role.SERVER))
                .endSelector()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    private static void refuseWhatCannotBe(RollInput input) {
        int machines = input.lease().nodes().size();
        if (machines > 1) {
            throw new RolloutException.Unsupported("The lease has " + machines
                    + " machines, and this release serves a model from one; set resource.count to 1.");
        }
        if (input.adapters().stream()
                .anyMatch(adapter -> adapter.image().registry().equals("localhost"))) {
            throw new RolloutException.Unsupported(
                    "The result lies in the volume, whole; in a cluster this release serves"
                            + " adapters from registries alone. Push an image to have it served.");
        }
    }

    /** Tells the pods of one roll-out from those of another; those that differ in adapters alone are of the same. */
    static String rollout(Deployment deployment) {
        return deployment.getSpec().getTemplate().getMetadata().getLabels().getOrDefault(PodLabels.ROLLOUT, "");
    }

    /** What the pods of a Deployment are told to serve. */
    static String served(Deployment deployment) {
        return served(deployment.getSpec().getTemplate());
    }

    static String served(PodTemplateSpec template) {
        return served(template.getMetadata());
    }

    static String served(ObjectMeta metadata) {
        return Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of())
                .getOrDefault(SERVED, "");
    }

    static String write(Object message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What travels through history cannot be written as JSON", e);
        }
    }

    static <T> T read(String text, Class<T> type) throws JsonProcessingException {
        return JSON.readValue(text, type);
    }

    private PodTemplateSpec template(RollInput input) {
        ServedModel served = new ServedModel(input.preset(), input.adapters(), input.modelSecret());
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(PodLabels.of(input.id(), Role.SERVER, settings.installation()))
                .addToAnnotations(SERVED, write(served))
                .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                .endMetadata()
                .withSpec(spec(input))
                .build();
    }

    private PodSpec spec(RollInput input) {
        MountedSecrets secrets = secrets(input).with(settings.images().pullSecrets());
        return runtime.spec(input.lease(), secrets)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .addNewVolume()
                .withName("served")
                .withNewDownwardAPI()
                .addNewItem()
                .withPath("served.json")
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + SERVED + "']")
                .endFieldRef()
                .endItem()
                .endDownwardAPI()
                .endVolume()
                .withInitContainers(fetcher(Role.FETCHER, "512Mi", input, secrets))
                .withContainers(server(input), fetcher(Role.FOLLOWER, "192Mi", input, secrets))
                .build();
    }

    /** The server knows neither registries nor hubs. */
    private Container fetcher(Role role, String memory, RollInput input, MountedSecrets secrets) {
        return runtime.container(
                        role, input.lease(), secrets, Map.of("KAITOFLOW_SERVED", SERVED_FOLDER + "/served.json"))
                .addNewVolumeMount()
                .withName("served")
                .withMountPath(SERVED_FOLDER)
                .withReadOnly(true)
                .endVolumeMount()
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity(memory))
                .endResources()
                .build();
    }

    /** What the fetcher found out stands in a file of arguments. */
    private Container server(RollInput input) {
        ContainerBuilder container =
                runtime.container(Role.SERVER, input.lease(), new MountedSecrets(List.of(), List.of()), Map.of());
        return container
                .withArgs(
                        "--host=0.0.0.0",
                        "--port=" + PORT,
                        "--model-name=" + input.preset().name(),
                        "--adapter-list=" + RuntimePod.HOME + "/served/adapters.json",
                        "@" + RuntimePod.HOME + "/served/arguments")
                .addAllToArgs(LimitArguments.of(input.limits()))
                .withResources(RuntimePod.resources(input.lease().option(), input.memory()))
                .addNewPort()
                .withName("http")
                .withContainerPort(PORT)
                .endPort()
                .withStartupProbe(probe("/health", 1, START_LIMIT_SECONDS))
                .withReadinessProbe(probe("/health/ready", 2, 2))
                .withLivenessProbe(probe("/health/live", 10, 6))
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(PORT)
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private static MountedSecrets secrets(RollInput input) {
        return new MountedSecrets(
                input.adapters().stream()
                        .flatMap(adapter -> adapter.pullSecrets().stream())
                        .toList(),
                input.modelSecret().stream().toList());
    }

    /** Of everything that needs a new pod when it changes. */
    private static String hash(PodTemplateSpec template, RollInput input) {
        PodTemplateSpec withoutAdapters = new PodTemplateSpecBuilder(template)
                .editMetadata()
                .addToAnnotations(SERVED, write(new ServedModel(input.preset(), List.of(), input.modelSecret())))
                .endMetadata()
                .build();
        return AdapterStanding.revisionOf(Serialization.asJson(withoutAdapters));
    }
}

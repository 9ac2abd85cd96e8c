package io.kaitoflow.activities.rollout.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.LimitArguments;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.volumes.AdapterVolumes;
import io.kaitoflow.activities.rollout.cluster.volumes.KeyVolume;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pods of our own server's Deployment. It alone says what is served: the pods read it from their own annotation, so that one write changes all
 * of it, and one write takes it back.
 */
final class ServerManifest {

    /** What is served, as {@link ServedModel} in JSON; the fetcher reads it. */
    static final String SERVED = "kaito.sh/served";

    private static final int PORT = ServiceManifest.SERVER_PORT;
    private static final String SERVED_FOLDER = "/run/kaitoflow/served";

    /** Of a pod that ends: nodes hear within about a second that nobody is to be sent to it any more. */
    static final Duration LINGER = Duration.ofSeconds(3);

    /** Replies under way get twenty, after {@link #LINGER}. */
    private static final long GRACE_SECONDS = 30;

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final ClusterSettings settings;
    private final RuntimePod runtime;

    ServerManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
    }

    PodTemplateSpec pod(RollInput input) {
        refuseWhatCannotBe(input);
        PodTemplateSpec template = template(input, spec(input));
        template.getMetadata().getLabels().put(PodLabels.ROLLOUT, hash(template, input));
        return template;
    }

    private static void refuseWhatCannotBe(RollInput input) {
        int machines = input.lease().nodes().size();
        if (machines > 1) {
            throw new RolloutException.Unsupported("The lease has " + machines
                    + " machines, and this release serves a model from one; set resource.count to 1.");
        }
        if (input.adapters().stream()
                .anyMatch(adapter -> !adapter.inRegistry() && adapter.volume().isEmpty())) {
            throw new RolloutException.Unsupported(
                    "An adapter lies in no registry, and no volume is named that has it. Push an image to have it served.");
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

    /** A pod that says what it serves. */
    PodTemplateSpec template(RollInput input, PodSpec spec) {
        ServedModel served = new ServedModel(input.preset(), input.adapters(), input.modelSecret());
        PodTemplateSpec template = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(PodLabels.of(input.id(), Role.SERVER, settings.installation()))
                .addToAnnotations(SERVED, write(served))
                .addToAnnotations("karpenter.sh/do-not-disrupt", "true")
                .endMetadata()
                .withSpec(spec)
                .build();
        return settings.pods()
                .push()
                .filter(_ -> input.adapters().stream().anyMatch(adapter -> PushAccount.opens(input.id(), adapter)))
                .map(account -> account.lentTo(template, Set.of(Role.FETCHER.label(), Role.FOLLOWER.label())))
                .orElse(template);
    }

    /** What containers find around them; they themselves are missing. */
    PodSpecBuilder surroundings(RollInput input) {
        PodSpecBuilder pod = runtime.spec(input.lease(), secrets(input));
        return keys(input)
                .addTo(volumes(input).addTo(pod, settings.pods().hostPaths()))
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
                .endVolume();
    }

    private PodSpec spec(RollInput input) {
        String image = settings.images().on(input.lease().option());
        return surroundings(input)
                .withInitContainers(fetcher(Role.FETCHER, image, "512Mi", input))
                .withContainers(server(input, image), fetcher(Role.FOLLOWER, image, "192Mi", input))
                .build();
    }

    /** The server knows neither registries nor hubs. */
    Container fetcher(Role role, String image, String memory, RollInput input) {
        Map<String, String> own = new TreeMap<>(Map.of("KAITOFLOW_SERVED", SERVED_FOLDER + "/served.json"));
        input.terms()
                .runtime()
                .ifPresent(engine -> own.put("KAITOFLOW_RUNTIME", engine.name().toLowerCase(Locale.ROOT)));
        return volumes(input)
                .mountOn(runtime.container(role, image, secrets(input), own))
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
    private Container server(RollInput input, String image) {
        Map<String, String> device = runtime.device(input.lease().option());
        ContainerBuilder server = probed(
                        mounted(input, runtime.container(Role.SERVER, image, MountedSecrets.none(), device)))
                .withArgs(
                        "--host=0.0.0.0",
                        "--port=" + PORT,
                        "--linger=" + LINGER,
                        "--model-name=" + input.preset().name(),
                        "--adapter-list=" + RuntimePod.HOME + "/served/adapters.json",
                        "@" + RuntimePod.HOME + "/served/arguments")
                .addAllToArgs(LimitArguments.of(input.limits()))
                .withResources(RuntimePod.resources(input.lease().option(), input.memory()));
        return keys(input).mountOn(server).build();
    }

    /** Those that whoever answers the Service's callers asks for. */
    static KeyVolume keys(RollInput input) {
        return new KeyVolume(input.terms().apiKeys());
    }

    /** With the volumes that adapters are read from. */
    static ContainerBuilder mounted(RollInput input, ContainerBuilder container) {
        return volumes(input).mountOn(container);
    }

    /** A container that listens where the Service finds it, and says how it is. */
    static ContainerBuilder probed(ContainerBuilder container) {
        return container
                .addNewPort()
                .withName("http")
                .withContainerPort(PORT)
                .endPort()
                .withStartupProbe(probe("/health", 1, ServerManifests.START_LIMIT_SECONDS))
                .withReadinessProbe(probe("/health/ready", 2, 2))
                .withLivenessProbe(probe("/health/live", 10, 6));
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

    /** Those that the server reads adapters from; it has no other way to those that no registry has. */
    static AdapterVolumes volumes(RollInput input) {
        return AdapterVolumes.of(input.adapters().stream()
                .filter(adapter -> !adapter.inRegistry())
                .flatMap(adapter -> adapter.volume().stream()));
    }

    private MountedSecrets secrets(RollInput input) {
        return new MountedSecrets(
                        input.adapters().stream()
                                .flatMap(adapter -> adapter.pullSecrets().stream())
                                .toList(),
                        input.modelSecret().stream().toList())
                .with(settings.images().pullSecrets());
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

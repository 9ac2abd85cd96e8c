package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.ResourceSpec;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.EarlierOutput;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A workspace and the objects that it names, as they were read. Says which wish that is, so that lost, doubled and reordered
 * events are harmless.
 *
 * @param workspace as read
 * @param references as read; others than those that the workspace names do not count
 */
public record ObservedWorkspace(Workspace workspace, ReferencedObjects references) {

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** What decides whether a wish is a new one. */
    private record Wish(
            @Nullable ResourceSpec resource,
            @Nullable InferenceSpec inference,
            @Nullable TuningSpec tuning,
            Map<String, String> annotations,
            Map<String, String> versions,
            boolean deleted) {}

    /** @param request the accepted translation; it does not count when the object is being deleted */
    public DesiredState desiredState(WorkspaceRequest request) {
        Optional<WorkspaceRequest> wanted = deleted() ? Optional.empty() : Optional.of(request);
        return new DesiredState(fingerprint(), orderingVersion(), wanted, verbs(), earlier(), reading());
    }

    /**
     * Hash of the user's fields, the known annotations, deletion, and the versions of what is named. A secret counts by its
     * resource version alone.
     */
    public String fingerprint() {
        Wish wish = new Wish(
                workspace.getResource(),
                workspace.getInference(),
                workspace.getTuning(),
                knownAnnotations(),
                versions(),
                deleted());
        return sha256(json(wish));
    }

    /** The greatest resource version that was read; 0 where no API server gave any. */
    public long orderingVersion() {
        return numericVersions().max().orElse(0);
    }

    /**
     * Tells apart readings whose greatest version is the same, e.g. the object's, which was read before what it names. Without such it
     * is left out, and control planes of release 0.1 can read the wish.
     */
    private Optional<DesiredState.Reading> reading() {
        DesiredState.Reading reading = new DesiredState.Reading(
                numericVersion(workspace), numericVersions().sum());
        return Optional.of(reading).filter(versions -> versions.sum() > versions.own());
    }

    private LongStream numericVersions() {
        NamedObjects named = NamedObjects.of(workspace);
        Stream<HasMetadata> objects = Stream.of(
                        Stream.<HasMetadata>of(workspace),
                        named.configMaps().stream().flatMap(name -> references.configMap(name).stream()),
                        named.secrets().stream().flatMap(name -> references.secret(name).stream()))
                .flatMap(each -> each);
        return objects.mapToLong(ObservedWorkspace::numericVersion);
    }

    /**
     * The user's verbs, one an annotation. The reason of each is the annotation with its value: whoever remembers the last one
     * sees whether the annotation changed, since its absence and its repetition mean nothing. Whoever remembers nothing takes the
     * later for the newer: the retry, unless the status shows that a cancel came after it.
     */
    public List<Verb> verbs() {
        Optional<Verb> pause = verb(AnnotationName.PAUSED, paused() ? Action.PAUSE : Action.RESUME);
        Optional<Verb> cancel = verb(AnnotationName.CANCEL, Action.CANCEL);
        Optional<Verb> retry = verb(AnnotationName.RETRY, Action.RETRY);
        Stream<Optional<Verb>> oldestFirst =
                shownCancelled() ? Stream.of(pause, retry, cancel) : Stream.of(pause, cancel, retry);
        return oldestFirst.flatMap(Optional::stream).toList();
    }

    private boolean shownCancelled() {
        return status().map(WorkspaceStatus::phase).filter("Cancelled"::equals).isPresent();
    }

    /** What the status says was made; nothing when it says nothing that can be relied on. */
    private Optional<EarlierOutput> earlier() {
        return status().flatMap(shown -> Optional.ofNullable(shown.output())
                .filter(output -> output.madeFrom() != null)
                .flatMap(output -> earlier(output, Optional.ofNullable(shown.evaluation()))));
    }

    private static Optional<EarlierOutput> earlier(
            WorkspaceStatus.Output output, Optional<WorkspaceStatus.Evaluation> measured) {
        try {
            ImageReference image = ImageReference.parse(output.image());
            return Optional.of(new EarlierOutput(
                    new PushedImage(image, Digest.parse(output.digest()), image.registry()),
                    Objects.requireNonNullElse(output.madeFrom(), ""),
                    measured.map(ObservedWorkspace::evaluation)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Evaluation evaluation(WorkspaceStatus.Evaluation shown) {
        return new Evaluation(optional(shown.base()), optional(shown.tuned()), shown.metric());
    }

    private static OptionalDouble optional(@Nullable Double number) {
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private Optional<WorkspaceStatus> status() {
        return Optional.ofNullable(workspace.getStatus());
    }

    private Optional<Verb> verb(AnnotationName name, Action action) {
        return Optional.ofNullable(knownAnnotations().get(name.key()))
                .map(value -> new Verb(action, orderingVersion(), name.key() + "=" + value));
    }

    private boolean paused() {
        return "true".equalsIgnoreCase(knownAnnotations().get(AnnotationName.PAUSED.key()));
    }

    private boolean deleted() {
        return workspace.getMetadata().getDeletionTimestamp() != null;
    }

    private Map<String, String> knownAnnotations() {
        Map<String, String> known = new TreeMap<>();
        Objects.requireNonNullElse(workspace.getMetadata().getAnnotations(), Map.<String, String>of())
                .forEach((key, value) -> AnnotationName.of(key).ifPresent(name -> known.put(key, value)));
        return known;
    }

    private Map<String, String> versions() {
        NamedObjects named = NamedObjects.of(workspace);
        Map<String, String> versions = new TreeMap<>();
        named.configMaps()
                .forEach(name -> versions.put(
                        "ConfigMap/" + name,
                        references
                                .configMap(name)
                                .map(ObservedWorkspace::version)
                                .orElse("absent")));
        named.secrets()
                .forEach(name -> versions.put(
                        "Secret/" + name,
                        references
                                .secret(name)
                                .map(ObservedWorkspace::resourceVersion)
                                .orElse("absent")));
        return versions;
    }

    /** Files have no resource version; a ConfigMap from one counts by what it holds. */
    private static String version(ConfigMap map) {
        String version = resourceVersion(map);
        return version.isEmpty() ? content(map) : version;
    }

    /** What it holds, whatever else is written on it. */
    static String content(ConfigMap map) {
        return sha256(json(List.of(
                Objects.requireNonNullElse(map.getData(), Map.of()),
                Objects.requireNonNullElse(map.getBinaryData(), Map.of()))));
    }

    private static String resourceVersion(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
    }

    /** Its resource version; 0 where no API server gave any. */
    public static long numericVersion(HasMetadata object) {
        String version = resourceVersion(object);
        return version.matches("\\d{1,18}") ? Long.parseLong(version) : 0;
    }

    private static String json(Object value) {
        try {
            return CANONICAL.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A workspace that was read from JSON cannot be written as JSON", e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}

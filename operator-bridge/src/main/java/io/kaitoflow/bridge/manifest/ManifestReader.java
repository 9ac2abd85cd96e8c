package io.kaitoflow.bridge.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.yaml.YamlText;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads the file that {@code kubectl apply} takes: one Workspace, and the ConfigMaps and Secrets that it names. */
public final class ManifestReader {

    private final ObjectMapper mapper = strictMapper();

    /** @throws ManifestException when the file cannot be read or holds no single, well-formed workspace */
    public Manifest read(Path file) {
        try {
            return read(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new ManifestException("Tried to read " + file + ": there is no such file. Check the path.", e);
        } catch (MalformedInputException e) {
            throw new ManifestException("Tried to read " + file + ": it is not UTF-8 text. Give a YAML file.", e);
        } catch (IOException e) {
            throw new ManifestException("Tried to read " + file + ": " + e + ". Give a YAML file that may be read.", e);
        }
    }

    /**
     * @param name says in messages where the text comes from
     * @throws ManifestException when the text holds no single, well-formed workspace
     */
    public Manifest read(String text, String name) {
        List<JsonNode> documents = documents(text, name);
        if (documents.isEmpty()) {
            throw new ManifestException(name + " is empty. Give a file with a Workspace, like those in helm/examples.");
        }
        Reading reading = new Reading(name);
        documents.forEach(reading::take);
        return reading.manifest();
    }

    private static List<JsonNode> documents(String text, String name) {
        try {
            return new YamlText(text).documents();
        } catch (YamlText.BrokenYamlException e) {
            throw new ManifestException(name + " is not YAML: " + e.getMessage() + ". Correct that place.", e);
        }
    }

    /** Types are as strict as the API server's; fields are checked by {@link UnknownFields}, which names all of them. */
    private static ObjectMapper strictMapper() {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, text -> {
                    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                    text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                    text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
                .build();
    }

    /** The documents of one file, sorted into kinds. */
    private final class Reading {

        private final String name;
        private final List<Workspace> workspaces = new ArrayList<>();
        private final List<ConfigMap> configMaps = new ArrayList<>();
        private final List<Secret> secrets = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Reading(String name) {
            this.name = name;
        }

        void take(JsonNode document) {
            String kind = document.path("kind").asText();
            switch (kind) {
                case "Workspace" -> workspaces.add(workspace(document));
                case "ConfigMap" -> configMaps.add(bind(document, ConfigMap.class));
                case "Secret" -> secrets.add(bind(document, Secret.class));
                case "" ->
                    throw new ManifestException(
                            name + " has a document without kind. Write apiVersion and kind, e.g. kind: Workspace.");
                default ->
                    notes.add(name + ": " + kind + " is left out; only the API server knows what to do with it.");
            }
        }

        private Workspace workspace(JsonNode document) {
            String version = document.path("apiVersion").asText();
            if (!version.equals(Workspace.V1BETA1) && !version.equals(Workspace.V1ALPHA1)) {
                refusals.add(new Refusal(
                        "apiVersion",
                        version,
                        "is not a version of Workspace",
                        "Write " + Workspace.V1BETA1 + " or " + Workspace.V1ALPHA1 + "."));
            }
            return bind(document, Workspace.class);
        }

        private <T extends HasMetadata> T bind(JsonNode document, Class<T> type) {
            try {
                T object = mapper.treeToValue(document, type);
                refusals.addAll(new UnknownFields(mapper).in(document, type));
                return object;
            } catch (JsonMappingException e) {
                throw new ManifestException(
                        name + ": " + fieldOf(e) + " of " + type.getSimpleName() + " has the wrong type: "
                                + e.getOriginalMessage().lines().findFirst().orElse("")
                                + ". Text that looks like a number or a truth value needs quotes; a number must not have them.",
                        e);
            } catch (JsonProcessingException e) {
                throw new ManifestException(name + ": " + e.getOriginalMessage(), e);
            }
        }

        Manifest manifest() {
            if (workspaces.size() != 1) {
                throw new ManifestException(
                        name + " holds " + workspaces.size() + " Workspaces. Give a file with exactly one.");
            }
            return new Manifest(workspaces.getFirst(), ReferencedObjects.of(configMaps, secrets), refusals, notes);
        }
    }

    private static String fieldOf(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .map(Objects::requireNonNull)
                .collect(Collectors.joining("."));
    }
}

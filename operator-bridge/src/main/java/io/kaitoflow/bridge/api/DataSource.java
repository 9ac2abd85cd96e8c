package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Volume;
import io.kaitoflow.bridge.api.schema.VolumeSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where data or an adapter comes from: exactly one of urls, volume and image. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DataSource(
        @Size(max = 253)
        @JsonPropertyDescription("A name for it. An adapter's is the model name that requests ask for, and unique.")
        @Nullable
        String name,

        @Size(max = 256)
        @JsonPropertyDescription(
                "Files of training rows at http or https addresses: parquet, jsonl, json or csv, all of the "
                        + "same columns. Addresses of this machine, a private network or a metadata service are refused.")
        List<@Size(max = 2048) String> urls,

        @JsonDeserialize(using = VolumeReader.class)
        @SchemaFrom(type = VolumeSchema.class)
        @PreserveUnknownFields
        @JsonPropertyDescription(
                "A volume that holds it, as in a pod but without a name. An adapter lies in the folder of its name, else at the root.")
        @Nullable
        Volume volumeSource,

        @JsonPropertyDescription("An image that holds it below /data.") @Nullable
        String image,

        @JsonPropertyDescription("Secrets of type kubernetes.io/dockerconfigjson for that image.")
        List<String> imagePullSecrets) {

    /** How a web address begins; the rest is the translator's to judge. */
    static final String WEB = "^[hH][tT][tT][pP][sS]?://[^/]";

    public DataSource {
        urls = Absent.asEmpty(urls);
        imagePullSecrets = Absent.asEmpty(imagePullSecrets);
    }
}

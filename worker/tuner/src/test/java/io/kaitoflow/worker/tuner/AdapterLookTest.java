package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterLookTest {

    private static final VolumeReference CLAIM = new VolumeReference.Claim("adapters");
    private static final int SMOLLM2_HIDDEN = 576;

    @TempDir
    private Path folder;

    private Path volume;
    private AdapterLook look;

    @BeforeEach
    void mount() throws IOException {
        volume = Files.createDirectories(folder.resolve(CLAIM.key()));
        look = new AdapterLook(new PodObjects(folder, folder, folder, folder));
    }

    private List<Finding> look(String... names) {
        return look.at(new AdapterTask(
                new WorkspaceId("models", "serve", "uid"),
                PresetCatalogue.load().find("smollm2-135m-instruct").orElseThrow(),
                Stream.of(names)
                        .map(name -> new AdapterReference(name, CLAIM, 1))
                        .toList()));
    }

    /** An adapter of one matrix. */
    private static void write(Path target, int columns) throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve("adapter_config.json"), "{\"r\": 2, \"lora_alpha\": 4}");
        byte[] header = ("{\"base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight\":"
                        + "{\"dtype\":\"F32\",\"shape\":[2," + columns + "],\"data_offsets\":[0," + 8 * columns
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + header.length + 8 * columns).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                target.resolve("adapter_model.safetensors"),
                file.putLong(header.length).put(header).array());
    }

    @Test
    void oneVolumeMayHoldSeveralInFoldersOfTheirNamesAndOneAtItsRoot() throws IOException {
        write(volume.resolve("law"), SMOLLM2_HIDDEN);
        write(volume.resolve("sea"), SMOLLM2_HIDDEN);
        write(volume, SMOLLM2_HIDDEN);

        assertThat(look("law", "sea", "any name at all")).isEmpty();
        assertThat(new AdapterFolder(volume, CLAIM).find("law")).isEqualTo(volume.resolve("law"));
        assertThat(new AdapterFolder(volume, CLAIM).find("sky")).isEqualTo(volume);
    }

    @Test
    void whatIsThereInsteadIsSaid() throws IOException {
        Files.createDirectories(volume.resolve("checkpoint-10"));
        Files.writeString(volume.resolve("adapter_model.bin"), "");

        assertThat(look("law")).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            assertThat(finding.subject()).isEqualTo("adapter law");
            assertThat(finding.message())
                    .isEqualTo("Looked for adapter law in PersistentVolumeClaim adapters: neither its root nor a folder"
                            + " law has both adapter_config.json and adapter_model.safetensors. It holds"
                            + " adapter_model.bin, checkpoint-10. Put the two files of a PEFT adapter there.");
        });
    }

    @Test
    void everyAdapterThatDoesNotFitIsNamed() throws IOException {
        write(volume.resolve("law"), 896);
        write(volume.resolve("sea"), SMOLLM2_HIDDEN);

        assertThat(look("law", "sea", "sky"))
                .extracting(Finding::message)
                .satisfiesExactly(
                        law -> assertThat(law)
                                .startsWith("Adapter law in PersistentVolumeClaim adapters: it does not fit"
                                        + " smollm2-135m-instruct: ")
                                .contains("has 896 columns where 576 are needed"),
                        sky -> assertThat(sky).contains("It holds law, sea."));
    }

    @Test
    void aNameThatLeavesTheVolumeFindsNothingOutsideOfIt() throws IOException {
        write(folder.resolve("law"), SMOLLM2_HIDDEN);

        assertThat(look("../law"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("It is empty."));
    }
}

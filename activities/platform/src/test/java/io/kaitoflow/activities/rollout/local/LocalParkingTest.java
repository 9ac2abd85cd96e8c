package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalParkingTest {

    @Test
    void aResultStaysInItsFolderWhateverBecomesOfItsPlace(@TempDir Path folder) throws IOException {
        Path weights = Files.writeString(folder.resolve("adapter_model.safetensors"), "weights");
        WorkspaceId id = new WorkspaceId("default", "w", "uid");
        AdapterArtifact adapter = new AdapterArtifact(folder.toString(), Digest.ofText("weights"), 72, 0.5, 9_000, 0);
        OutputTarget target =
                new OutputTarget.Image(ImageReference.parse("registry.example/adapters/w:1"), Optional.empty());
        LocalParking parking = new LocalParking();

        Berth berth = parking.prepare(new ParkingActivities.Input(id, adapter, target), evidence -> {});
        parking.close(id);
        parking.discard(id);

        assertThat(berth.path()).isEqualTo(folder.toString());
        assertThat(berth.place()).contains(folder.toString());
        assertThat(berth.address()).isEmpty();
        assertThat(weights).hasContent("weights");
        ParkedAdapter left = new ParkedAdapter(adapter, berth.place(), berth.cure());
        assertThat(parking.stands(new Receipt(id, StepKey.of("00ff"), Evaluation.skipped(), left)))
                .isTrue();
    }
}

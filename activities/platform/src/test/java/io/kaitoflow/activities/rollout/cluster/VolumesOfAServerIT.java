package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which volumes a server reads already, on a real API server; controllers and kubelet are played. */
@ExtendWith(WithApiServer.class)
class VolumesOfAServerIT {

    private static final VolumeReference READ = new VolumeReference.Claim("adapters");
    private static final VolumeReference UNREAD = new VolumeReference.Claim("others");

    private final Stage stage;
    private final InspectorPods inspectors;

    VolumesOfAServerIT(ApiServer server) {
        this.stage = Stage.on(server);
        this.inspectors = new InspectorPods(stage.client(), Stage.settings());
    }

    @BeforeEach
    void serve() {
        Stage.rollout(stage.client(), Stage.PATIENT).roll(stage.serving(new ServedAdapter("law", READ, 1)), () -> {});
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private boolean seen(WorkspaceId id, Preset preset, VolumeReference... volumes) {
        List<AdapterReference> adapters = Stream.of(volumes)
                .map(volume -> new AdapterReference("tax", volume, 1))
                .toList();
        return inspectors.seenByServer(new AdapterTask(id, preset, adapters));
    }

    private boolean seen(VolumeReference... volumes) {
        return seen(stage.id(), stage.serving().preset(), volumes);
    }

    @Test
    void anotherAdapterOfItsVolumeIsSeen() {
        assertThat(seen(READ)).isTrue();
    }

    @Test
    void anotherVolumeIsNot() {
        assertThat(seen(UNREAD)).isFalse();
        assertThat(seen(READ, UNREAD)).isFalse();
    }

    @Test
    void adaptersOfAnotherModelAreNot() {
        assertThat(seen(stage.id(), stage.servingAnotherModel().preset(), READ)).isFalse();
    }

    @Test
    void whatANamesakeServedIsNot() {
        WorkspaceId later = new WorkspaceId(stage.id().namespace(), stage.id().name(), "later");

        assertThat(seen(later, stage.serving().preset(), READ)).isFalse();
    }
}

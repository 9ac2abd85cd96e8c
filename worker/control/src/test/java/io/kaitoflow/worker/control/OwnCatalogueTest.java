package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an installation says of its machines holds for the webhook, the bridge and the plan alike. */
class OwnCatalogueTest {

    private static final Path EXAMPLE = Path.of("../../helm/examples/quickstart-phi-4-mini.yaml");
    private static final String A100 = "Standard_NC24ads_A100_v4";
    private static final String CATALOGUE = """
            gpus:
              H200: {model: NVIDIA H200, gpuMemory: 141 GiB, computeCapability: "9.0", teraflops: 989}
            skus:
              - {name: Standard_NC24ads_A100_v4, price: {hourlyUsd: 2.9, asOf: 2026-11-01}}
              - {name: box, provider: azure, gpu: H200, gpus: 8, price: {hourlyUsd: 1, asOf: 2026-11-01}}
            """;

    @TempDir
    private Path folder;

    @Test
    void aMachineThatThisReleaseDoesNotKnowIsTakenAndPlanned() throws IOException {
        assertThat(translated(own(), "box")).isInstanceOf(Translation.Accepted.class);
        assertThat(translated(shipped(), "box")).isInstanceOf(Translation.Refused.class);
        assertThat(planned(own(), "box").getFirst().hourlyUsd()).contains(BigDecimal.ONE);
    }

    @Test
    void autoChoosesByOnesOwnPrices() throws IOException {
        assertThat(planned(own(), "auto").getFirst().instanceType()).isEqualTo("Standard_NC4as_T4_v3");
        assertThat(planned(own(), "auto"))
                .extracting(MachineOption::instanceType)
                .containsSubsequence("box", A100, "Standard_NV36ads_A10_v5");
        assertThat(planned(shipped(), "auto"))
                .extracting(MachineOption::instanceType)
                .containsSubsequence("Standard_NV36ads_A10_v5", A100);
    }

    @Test
    void theWebhookCountsACapByOnesOwnPrice() throws IOException {
        assertThat(outlook(own())).isEmpty();
        assertThat(outlook(shipped()))
                .singleElement()
                .extracting(Finding::message)
                .asString()
                .contains("$3.67 an hour");
    }

    private static List<Finding> outlook(MachineSettings machines) throws IOException {
        return new CapOutlook(
                        ControlPlane.plans(machines, OwnNodes.UNKNOWN, Clock.systemUTC()),
                        new CapTrial(machines.caps()))
                .on(request(machines, A100));
    }

    private static List<MachineOption> planned(MachineSettings machines, String instanceType) throws IOException {
        return ControlPlane.plans(machines, OwnNodes.UNKNOWN, Clock.systemUTC())
                .make(request(machines, instanceType))
                .machines();
    }

    private static WorkspaceRequest request(MachineSettings machines, String instanceType) throws IOException {
        return ((Translation.Accepted) translated(machines, instanceType)).request();
    }

    private static Translation translated(MachineSettings machines, String instanceType) throws IOException {
        Path file = Files.createTempFile("workspace", ".yaml");
        try {
            Files.writeString(file, Files.readString(EXAMPLE).replace(A100, instanceType));
            return new ManifestReader()
                    .read(file)
                    .translatedBy(ControlPlane.translator(machines, TranslatorSettings.strict(), Clock.systemUTC()));
        } finally {
            Files.delete(file);
        }
    }

    private MachineSettings own() throws IOException {
        Path file = Files.writeString(folder.resolve("catalogue.yaml"), CATALOGUE);
        return settings(Map.of("KAITOFLOW_CATALOGUE", file.toString()));
    }

    private static MachineSettings shipped() {
        return settings(Map.of());
    }

    private static MachineSettings settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("KAITOFLOW_QUOTAS", "{\"default\":{\"usdPerHour\":3}}");
        return MachineSettings.from(environment, "default");
    }
}

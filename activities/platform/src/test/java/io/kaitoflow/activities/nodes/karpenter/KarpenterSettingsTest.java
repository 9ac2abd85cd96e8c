package io.kaitoflow.activities.nodes.karpenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KarpenterSettingsTest {

    /** A kind of machine offers no other, so a claim for another fits none of them. */
    @ParameterizedTest
    @CsvSource({
        "karpenter.azure.com, AKSNodeClass",
        "karpenter.k8s.aws, EC2NodeClass",
        "karpenter.kwok.sh, KWOKNodeClass"
    })
    void karpenterIsAskedForDiskAsItsKindsOfMachinesOfferIt(String group, String kind) {
        assertThat(settings(group, kind).diskResource()).isEqualTo("ephemeral-storage");
    }

    @Test
    void gpuProvisionerIsAskedAsItReadsIt() {
        assertThat(settings("kaito.sh", "KaitoNodeClass").diskResource()).isEqualTo("storage");
    }

    private static KarpenterSettings settings(String group, String kind) {
        return new KarpenterSettings(
                new NodeClaimSpec.NodeClassRef(group, kind, "default"),
                "kaitoflow",
                ByteSize.ofGibibytes(200),
                Duration.ofMinutes(2));
    }
}

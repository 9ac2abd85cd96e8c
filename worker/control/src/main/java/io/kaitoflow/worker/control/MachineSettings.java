package io.kaitoflow.worker.control;

import io.kaitoflow.activities.nodes.azure.AzureSettings;
import io.kaitoflow.activities.nodes.byo.OwnNodeSettings;
import io.kaitoflow.activities.nodes.karpenter.KarpenterSettings;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimSpec;
import io.kaitoflow.activities.nodes.quota.Caps;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.MachineFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation says about machines.
 *
 * @param buyer of machines for workspaces that name a kind
 * @param cloud whose machines {@code auto} chooses from
 * @param zones that are asked one after the other, as the buyer calls them; empty leaves the zone to it
 * @param karpenter how NodeClaims are made
 * @param own where reservations of the user's own nodes are kept
 * @param azure how agent pools are made; only where they are
 * @param caps what namespaces may hold at once
 * @param catalogue machines and prices: those of this release, and what the installation says of its own
 */
public record MachineSettings(
        Buyer buyer,
        String cloud,
        List<String> zones,
        KarpenterSettings karpenter,
        OwnNodeSettings own,
        Optional<AzureSettings> azure,
        Caps caps,
        GpuCatalogue catalogue) {

    private static final Duration TERMINATION_GRACE = Duration.ofMinutes(2);

    public MachineSettings {
        zones = List.copyOf(zones);
    }

    /** @throws IllegalArgumentException that names the variable, its value and the rule */
    static MachineSettings from(Map<String, String> environment, String namespace) {
        String installation = ControlSettings.text(environment, "KAITOFLOW_INSTALLATION", "kaitoflow");
        ByteSize disk = ByteSize.parse(ControlSettings.text(environment, "KAITOFLOW_NODE_DISK", "200 GiB"));
        Buyer buyer = Buyer.parse("KAITOFLOW_NODES", ControlSettings.text(environment, "KAITOFLOW_NODES", "karpenter"));
        return new MachineSettings(
                buyer,
                ControlSettings.text(environment, "KAITOFLOW_CLOUD", "azure"),
                zones(environment.getOrDefault("KAITOFLOW_ZONES", "")),
                new KarpenterSettings(
                        nodeClass(ControlSettings.text(
                                environment, "KAITOFLOW_NODE_CLASS", "karpenter.azure.com/AKSNodeClass/default")),
                        installation,
                        disk,
                        TERMINATION_GRACE),
                new OwnNodeSettings(namespace, installation),
                buyer == Buyer.AZURE
                        ? Optional.of(new AzureVariables(environment).settings(installation, disk))
                        : Optional.empty(),
                caps(environment.getOrDefault("KAITOFLOW_QUOTAS", "").strip()),
                catalogue(environment.getOrDefault("KAITOFLOW_CATALOGUE", "").strip()));
    }

    private static Caps caps(String json) {
        try {
            return json.isEmpty() ? Caps.none() : Caps.parse(json);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("KAITOFLOW_QUOTAS: " + wrong.getMessage(), wrong);
        }
    }

    private static GpuCatalogue catalogue(String file) {
        GpuCatalogue shipped = GpuCatalogue.load();
        try {
            return file.isEmpty() ? shipped : shipped.with(MachineFile.read(Path.of(file)));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("KAITOFLOW_CATALOGUE: " + wrong.getMessage(), wrong);
        }
    }

    private static List<String> zones(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(zone -> !zone.isEmpty())
                .toList();
    }

    private static NodeClaimSpec.NodeClassRef nodeClass(String text) {
        List<String> parts = List.of(text.split("/", -1));
        if (parts.size() != 3 || parts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("KAITOFLOW_NODE_CLASS: \"" + text
                    + "\" must be group/kind/name, e.g. karpenter.azure.com/AKSNodeClass/default.");
        }
        return new NodeClaimSpec.NodeClassRef(parts.get(0), parts.get(1), parts.get(2));
    }
}

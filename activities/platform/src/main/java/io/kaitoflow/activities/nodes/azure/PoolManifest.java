package io.kaitoflow.activities.nodes.azure;

import com.azure.resourcemanager.containerservice.fluent.models.AgentPoolInner;
import com.azure.resourcemanager.containerservice.models.AgentPoolMode;
import com.azure.resourcemanager.containerservice.models.AgentPoolType;
import com.azure.resourcemanager.containerservice.models.GpuDriver;
import com.azure.resourcemanager.containerservice.models.GpuProfile;
import com.azure.resourcemanager.containerservice.models.OSDiskType;
import com.azure.resourcemanager.containerservice.models.OSSku;
import com.azure.resourcemanager.containerservice.models.OSType;
import com.azure.resourcemanager.containerservice.models.ScaleSetEvictionPolicy;
import com.azure.resourcemanager.containerservice.models.ScaleSetPriority;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The agent pool of a request: pure, so that the same request always asks for the same pool by the same name. */
record PoolManifest(AzureSettings settings) {

    /** On every node of a pool, so that its nodes can be found. */
    static final String CLAIM = "kaito.sh/claim";

    private static final String AZURE_LINUX = "azurelinux";
    private static final String GPU_ONLY = "sku=gpu:NoSchedule";
    private static final long GIBIBYTE = 1L << 30;

    /** As much as the machine costs on demand, and never more. */
    private static final float NO_HIGHEST_PRICE = -1;

    /** A tag holds 256 characters, and a request is longer. */
    private static final int TAG = 256;

    private static final String TAG_NAME = "kaitoflow-request-";

    static String name(NodeRequest request) {
        return ClaimName.of(request, 0);
    }

    AgentPoolInner pool(NodeRequest request) {
        AgentPoolInner pool = new AgentPoolInner()
                .withVmSize(request.option().instanceType())
                .withCount(request.machines().count())
                .withMode(AgentPoolMode.USER)
                .withTypePropertiesType(AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS)
                .withOsType(OSType.LINUX)
                .withOsDiskSizeGB((int) Math.ceilDiv(settings.disk().bytes(), GIBIBYTE))
                .withOsDiskType(settings.ephemeralDisk() ? OSDiskType.EPHEMERAL : OSDiskType.MANAGED)
                .withEnableAutoScaling(false)
                .withGpuProfile(new GpuProfile().withDriver(settings.gpuDriver() ? GpuDriver.INSTALL : GpuDriver.NONE))
                .withNodeLabels(labels(request))
                .withNodeTaints(List.of(GPU_ONLY))
                .withTags(tags(request));
        settings.subnet().ifPresent(pool::withVnetSubnetId);
        request.machines().nodes().imageFamily().map(PoolManifest::image).ifPresent(pool::withOsSku);
        request.option().zone().ifPresent(zone -> pool.withAvailabilityZones(List.of(zone)));
        return request.option().spot() ? spot(pool) : pool.withScaleSetPriority(ScaleSetPriority.REGULAR);
    }

    boolean ofInstallation(AgentPoolInner pool) {
        return pool.nodeLabels() != null
                && settings.installation().equals(pool.nodeLabels().get(ClaimLabels.INSTALLATION));
    }

    /** Empty when somebody changed the tags into something else. */
    static Optional<NodeRequest> request(AgentPoolInner pool) {
        Map<String, String> tags = Objects.requireNonNullElse(pool.tags(), Map.of());
        StringBuilder text = new StringBuilder();
        for (int i = 0; tags.containsKey(TAG_NAME + i); i++) {
            text.append(tags.get(TAG_NAME + i));
        }
        return RequestText.read(text.isEmpty() ? null : text.toString());
    }

    private static OSSku image(String family) {
        return family.equals(AZURE_LINUX) ? OSSku.AZURE_LINUX : OSSku.UBUNTU;
    }

    private static AgentPoolInner spot(AgentPoolInner pool) {
        return pool.withScaleSetPriority(ScaleSetPriority.SPOT)
                .withScaleSetEvictionPolicy(ScaleSetEvictionPolicy.DELETE)
                .withSpotMaxPrice(NO_HIGHEST_PRICE);
    }

    /** Ours win over a user's labels of the same name. */
    private Map<String, String> labels(NodeRequest request) {
        Map<String, String> labels = new TreeMap<>(request.machines().labels());
        labels.putAll(ClaimLabels.of(request.id(), settings.installation()));
        labels.put(CLAIM, name(request));
        return labels;
    }

    private static Map<String, String> tags(NodeRequest request) {
        String text = RequestText.write(request);
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i * TAG < text.length(); i++) {
            tags.put(TAG_NAME + i, text.substring(i * TAG, Math.min(text.length(), (i + 1) * TAG)));
        }
        return tags;
    }
}

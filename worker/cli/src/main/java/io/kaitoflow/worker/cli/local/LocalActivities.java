package io.kaitoflow.worker.cli.local;

import com.sun.management.OperatingSystemMXBean;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.OutputActivitiesImpl;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.FetchedModel;
import io.kaitoflow.activities.nodes.NodeActivitiesImpl;
import io.kaitoflow.activities.nodes.local.LocalNodeProvisioner;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.activities.preflight.ThisMachine;
import io.kaitoflow.activities.rollout.ParkingActivitiesImpl;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutActivitiesImpl;
import io.kaitoflow.activities.rollout.local.ChildExit;
import io.kaitoflow.activities.rollout.local.LocalParking;
import io.kaitoflow.activities.rollout.local.LocalRollout;
import io.kaitoflow.activities.rollout.local.LocalSettings;
import io.kaitoflow.activities.rollout.local.ServedFiles;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.control.ControlActivities;
import io.kaitoflow.worker.tuner.AdapterFolder;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The control plane's activities with local mode's adapters behind their ports.
 *
 * @param home of this machine
 * @param id of the one workspace that this command runs
 * @param port of its server; 0 takes any free one
 * @param deaths is told when a child process ends that nobody stopped
 */
public record LocalActivities(LocalHome home, WorkspaceId id, int port, Consumer<ChildExit> deaths) {

    /** @param temporal {@code host:port} that the tuner polls */
    ControlActivities on(String temporal) {
        return new ControlActivities(
                plan(),
                new LocalSurroundings(rooms(), id, ProgressListener.silent()).preflight(true),
                new NodeActivitiesImpl(new LocalNodeProvisioner(home.state())),
                new RolloutActivitiesImpl(new LocalRollout(settings(temporal), new FetchedFiles(), deaths)),
                new ParkingActivitiesImpl(new LocalParking()),
                new OutputActivitiesImpl(any -> rooms().images(Pulse.none()), any -> Optional.empty()),
                new StatusFile(home));
    }

    /** Plans for this machine, whatever the request names. */
    public static PlanActivitiesImpl plan() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new PlanActivitiesImpl(
                PresetCatalogue.load(),
                new ThisMachine(
                        ByteSize.ofBytes(machine.getTotalMemorySize()),
                        machine.getAvailableProcessors(),
                        ComputeDevice.CPU.multipliesBfloat16()));
    }

    /** Rehearses the server's start with a model of the catalogue. */
    public ServerRehearsal rehearsal(String preset) {
        return new ServerRehearsal(home, PresetCatalogue.load().find(preset), rooms().models());
    }

    private LocalRooms rooms() {
        return new LocalRooms(home, home.objects(id.uid()), System.getenv());
    }

    private LocalSettings settings(String temporal) {
        return new LocalSettings(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                home.root(),
                home.logs(),
                home.state(),
                temporal,
                port,
                nativeSettings(),
                Role.JVM_FLAGS);
    }

    private Map<String, String> nativeSettings() {
        Map<String, String> settings = new TreeMap<>(Role.NATIVE_SETTINGS);
        settings.put("DJL_CACHE_DIR", home.natives().toString());
        return settings;
    }

    /** Models from the cache or their sources, adapters from where they were pushed. */
    private final class FetchedFiles implements ServedFiles {

        @Override
        public Model model(Preset preset) {
            FetchedModel fetched = rooms().models()
                    .fetch(preset, rooms().hubTokens().find(id, Optional.empty()), ProgressListener.silent());
            return new Model(fetched.path(), fetched.digest());
        }

        @Override
        public Path adapter(ServedAdapter adapter) {
            return adapter.image().isPresent()
                    ? pulled(adapter)
                    : inVolume(adapter, adapter.volume().orElseThrow());
        }

        private Path pulled(ServedAdapter adapter) {
            Digest digest = adapter.digest().orElseThrow();
            Path folder = home.adapters().resolve(digest.hex());
            rooms().images(Pulse.none()).pull(adapter.image().orElseThrow(), digest, adapter.pullSecrets(), folder);
            return folder;
        }

        private Path inVolume(ServedAdapter adapter, VolumeReference volume) {
            return new AdapterFolder(rooms().objects().adapters(volume), volume).find(adapter.name());
        }
    }
}

package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.preflight.ModelAvailability;
import io.kaitoflow.activities.preflight.PreflightActivitiesImpl;
import io.kaitoflow.activities.preflight.Surroundings;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.worker.tuner.AdapterLook;
import io.kaitoflow.worker.tuner.JobInspection;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.util.List;
import java.util.Optional;

/** What preflight looks at in local mode: this machine's caches, the registries and addresses that a request names. */
public final class LocalSurroundings {

    /** Architectures whose forward and backward pass this release has. */
    private static final List<String> RUNNABLE = Architecture.modelTypes();

    private final LocalRooms rooms;
    private final WorkspaceId id;
    private final ProgressListener listener;

    /** @param listener is told of downloads */
    public LocalSurroundings(LocalRooms rooms, WorkspaceId id, ProgressListener listener) {
        this.rooms = rooms;
        this.id = id;
        this.listener = listener;
    }

    /** @param strict whether the model is brought here, and what cannot run here refused; else both are only asked after */
    public PreflightActivitiesImpl preflight(boolean strict) {
        JobInspection inspection = new JobInspection(rooms, listener);
        return new PreflightActivitiesImpl(new Surroundings(
                (whose, job, preset, waiting) -> inspection.data(new DatasetActivities.Input(whose, preset, job)),
                new OwnModel(strict),
                (whose, image, secrets) -> rooms.images(Pulse.none()).resolve(image, secrets),
                (task, waiting) -> new AdapterLook(rooms.objects()).at(task),
                inspection::push,
                input -> input.request().goal().template().isPresent() ? List.of(template(strict)) : List.of()));
    }

    private static Finding template(boolean strict) {
        return new Finding(
                strict ? Severity.REFUSAL : Severity.WARNING,
                FailureKind.UNSUPPORTED,
                "inference.template",
                "A pod of your own needs a cluster; on this machine name a preset.");
    }

    /** Base models as this machine has them. */
    private final class OwnModel implements ModelAvailability {

        private final boolean strict;

        /** @param strict whether they are run here */
        OwnModel(boolean strict) {
            this.strict = strict;
        }

        @Override
        public List<Finding> check(Preset preset, ModelReference model) {
            if (!RUNNABLE.contains(preset.architecture())) {
                return List.of(new Finding(
                        strict ? Severity.REFUSAL : Severity.WARNING,
                        FailureKind.INVALID_REQUEST,
                        "preset " + preset.name(),
                        "Models of architecture " + preset.architecture() + " are not run by this release, only "
                                + String.join(", ", RUNNABLE) + "; see: kaitoflow models list."));
            }
            rooms.models().ask(preset, token(model), listener);
            return List.of();
        }

        @Override
        public void bring(Preset preset, ModelReference model) {
            if (strict) {
                var unused = rooms.models().fetch(preset, token(model), listener);
            }
        }

        private Optional<HubToken> token(ModelReference model) {
            return rooms.hubTokens().find(id, model.accessSecret());
        }
    }
}

package io.kaitoflow.workflows.workspace.ledger;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.ServingLimits;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.List;
import java.util.function.Function;

/** Which part of a request is the input of which step. How often something is logged or saved, and money, are in none. */
public final class StepKeys {

    private StepKeys() {}

    /** The key of a step as far as the request decides it; a running step goes on while this stays the same. */
    public static StepKey of(Step step, WorkspaceRequest request) {
        return switch (step) {
            case PLAN -> plan(request);
            case PREFLIGHT -> preflight(request);
            case CLAIM, START_TUNER ->
                machines(new KeyWriter(), request.machines()).key();
            case FETCH -> job(request, StepKeys::fetch);
            case TUNE, EVALUATE -> job(request, StepKeys::tune);
            case PUSH, MOVE -> job(request, job -> output(new KeyWriter().put("tune", tune(job)), job.output()));
            case ROLL -> answering(request).key();
            // Giving back is never broken off, and no wish changes what a look sees.
            case LOOK, STEP_ASIDE, STEP_BACK, DISMISS, GIVE_BACK -> new KeyWriter().key();
            case STOP_SERVER, START_PUSHER, DISCARD, STOP_TUNER -> new KeyWriter().key();
        };
    }

    /** @param accepted whether the gate let the result through; a refused one lies elsewhere */
    public static StepKey push(WorkspaceRequest request, boolean accepted) {
        return new KeyWriter()
                .put("push", of(Step.PUSH, request))
                .put("accepted", accepted)
                .key();
    }

    /** @param machine where the server runs; on another machine it has to be rolled out again */
    public static StepKey roll(WorkspaceRequest request, List<ServedAdapter> adapters, NodeRequest machine) {
        KeyWriter writer = answering(request).put("lease", machine.number());
        adapters.forEach(adapter -> served(writer, adapter));
        return writer.key();
    }

    /** Bytes that a digest names are the same in every volume. */
    private static void served(KeyWriter writer, ServedAdapter adapter) {
        writer.put("name", adapter.name()).put("digest", adapter.digest()).put("strength", adapter.strength());
        if (adapter.digest().isEmpty()) {
            adapter.volume().ifPresent(volume -> volume(writer, volume));
        }
    }

    private static StepKey plan(WorkspaceRequest request) {
        KeyWriter writer = machines(new KeyWriter(), request.machines());
        served(writer, request).put("bypass", request.terms().bypassResourceChecks());
        request.goal().tuning().ifPresent(job -> writer.put("tune", tune(job)));
        return writer.key();
    }

    private static StepKey preflight(WorkspaceRequest request) {
        KeyWriter writer = new KeyWriter()
                .put("plan", plan(request))
                .put("uninspected", request.terms().allowUninspected());
        request.goal().model().accessSecret().ifPresent(secret -> writer.put("access", secret.name()));
        request.goal().tuning().ifPresent(job -> {
            writer.put("output", output(new KeyWriter(), job.output()));
            switch (job.output()) {
                case OutputTarget.Image image ->
                    image.pushSecret().ifPresent(secret -> writer.put("push", secret.name()));
                case OutputTarget.Volume _ -> {}
            }
        });
        return writer.key();
    }

    private static StepKey job(WorkspaceRequest request, Function<TuningJob, StepKey> part) {
        return request.goal()
                .tuning()
                .map(part)
                .orElseGet(() -> new KeyWriter().put("goal", "serve").key());
    }

    private static StepKey fetch(TuningJob job) {
        KeyWriter writer = new KeyWriter().put("preset", job.model().preset());
        return data(source(writer, job.input()), job.recipe().data()).key();
    }

    private static StepKey tune(TuningJob job) {
        KeyWriter writer = new KeyWriter().put("fetch", fetch(job)).put("method", job.method());
        lora(writer, job.recipe().lora());
        return optimiser(writer, job.recipe().optimiser()).key();
    }

    private static KeyWriter machines(KeyWriter writer, MachineRequest machines) {
        if (machines.nodes().any()) {
            writer.put("nodeClass", machines.nodes().nodeClass())
                    .put("imageFamily", machines.nodes().imageFamily());
        }
        return writer.put("types", machines.instanceTypes())
                .put("count", machines.count())
                .put("labels", machines.labels())
                .put("preferred", machines.preferredNodes())
                .put("spot", machines.spot());
    }

    private static KeyWriter served(KeyWriter writer, WorkspaceRequest request) {
        WorkspaceGoal goal = request.goal();
        writer.put("preset", goal.model().preset()).put("serves", goal.serves());
        if (request.serving().byVllm()) {
            writer.put("runtime", ServingRuntime.VLLM);
        }
        return switch (goal) {
            case WorkspaceGoal.Serve serve -> {
                serve.adapters().forEach(adapter -> reference(writer, adapter));
                limits(writer, serve.limits());
                yield writer;
            }
            case WorkspaceGoal.ServeTemplate own -> writer.put("template", own.pod());
            case WorkspaceGoal.Tune _, WorkspaceGoal.TuneThenServe _ -> writer;
        };
    }

    /** Where nobody outside asks, or nobody is asked for a key, nothing is written: keys of older releases stay what they were. */
    private static KeyWriter answering(WorkspaceRequest request) {
        KeyWriter writer = served(new KeyWriter(), request);
        if (request.serving().loadBalancer()) {
            writer.put("loadBalancer", true);
        }
        request.serving().apiKeys().ifPresent(secret -> writer.put("apiKeys", secret.name()));
        return writer;
    }

    /** Where nothing is asked for nothing is written, so that keys of older releases stay what they were. */
    private static void limits(KeyWriter writer, ServingLimits limits) {
        if (limits.any()) {
            writer.put("context", limits.context())
                    .put("replies", limits.replies())
                    .put("queue", limits.queue());
        }
    }

    private static void reference(KeyWriter writer, AdapterReference adapter) {
        writer.put("name", adapter.name()).put("image", adapter.image()).put("strength", adapter.strength());
        adapter.volume().ifPresent(volume -> volume(writer, volume));
    }

    private static KeyWriter source(KeyWriter writer, DatasetSource source) {
        return switch (source) {
            case DatasetSource.Urls urls -> writer.put("urls", urls.urls());
            case DatasetSource.OciImage image ->
                writer.put("image", image.image().toString());
            case DatasetSource.Volume volume -> volume(writer, volume.volume());
        };
    }

    private static StepKey output(KeyWriter writer, OutputTarget target) {
        return switch (target) {
            case OutputTarget.Image image ->
                writer.put("image", image.image().toString()).key();
            case OutputTarget.Volume volume -> volume(writer, volume.volume()).key();
        };
    }

    private static KeyWriter volume(KeyWriter writer, VolumeReference volume) {
        return switch (volume) {
            case VolumeReference.Claim claim -> writer.put("claim", claim.name());
            case VolumeReference.ConfigMap map -> {
                writer.put("configMap", map.name());
                map.content().ifPresent(content -> writer.put("content", content));
                yield writer;
            }
            case VolumeReference.HostPath path -> writer.put("hostPath", path.path());
        };
    }

    /** What is off by default has no place here while it is off, so that keys of older releases stay what they were. */
    private static KeyWriter data(KeyWriter writer, DataRecipe data) {
        if (data.groupByLength()) {
            writer.put("groupByLength", true);
        }
        if (data.keepEnd()) {
            writer.put("keepEnd", true);
        }
        return writer.put("path", data.path())
                .put("extension", data.extension())
                .put("messages", data.columns().messages())
                .put("context", data.columns().context())
                .put("response", data.columns().response())
                .put("shuffle", data.shuffle())
                .put("shuffleSeed", data.shuffleSeed())
                .put("trainFraction", data.trainFraction())
                .put("maxLength", data.maxLength())
                .put("packing", data.packing())
                .put("completionOnly", data.completionOnlyLoss())
                .put("template", data.chatTemplate());
    }

    private static void lora(KeyWriter writer, QloraRecipe lora) {
        writer.put("rank", lora.rank())
                .put("alpha", lora.alpha())
                .put("dropout", lora.dropout())
                .put("modules", lora.targetModules())
                .put("rankStabilised", lora.rankStabilised())
                .put("compute", lora.computeType())
                .put("doubleQuantisation", lora.doubleQuantisation())
                .put("initialAdapter", lora.initialAdapter());
    }

    private static KeyWriter optimiser(KeyWriter writer, OptimiserRecipe optimiser) {
        return writer.put("epochs", optimiser.epochs())
                .put("maxSteps", optimiser.maxSteps())
                .put("batch", optimiser.batchSize())
                .put("accumulation", optimiser.accumulation())
                .put("rate", optimiser.learningRate())
                .put("schedule", optimiser.schedule())
                .put("warmup", optimiser.warmup().ratio())
                .put("warmupSteps", optimiser.warmup().steps())
                .put("beta1", optimiser.adam().beta1())
                .put("beta2", optimiser.adam().beta2())
                .put("epsilon", optimiser.adam().epsilon())
                .put("decay", optimiser.adam().weightDecay())
                .put("clip", optimiser.maxGradientNorm())
                .put("seed", optimiser.seed());
    }
}

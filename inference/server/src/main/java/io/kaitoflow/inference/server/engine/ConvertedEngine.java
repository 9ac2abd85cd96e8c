package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.sampling.Generator;
import io.kaitoflow.inference.sampling.GeneratorSettings;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Weights converted to the compute type and multiplied by PyTorch: on GPUs, and what {@link StoredEngine} has no kernels for. */
final class ConvertedEngine {

    private static final Logger LOG = LoggerFactory.getLogger(ConvertedEngine.class);

    private ConvertedEngine() {}

    static Engine start(EngineSettings settings, ComputeDevice device, Owned owned, LoadPhases phases) {
        TorchEngine.start();
        phases.ended("PyTorch");
        CausalModel model = CausalModel.load(settings.model(), device, type(settings, device));
        owned.add(model::close);
        phases.ended("weights");
        int context = settings.contextOf(model.configuration().maximumPositions());
        AdapterRegistry adapters = new AdapterRegistry(model);
        owned.add(adapters::close);
        settings.adapters().forEach((name, source) -> adapters.load(name, source.read(settings.base())));
        phases.ended("adapters");
        Generator generator = new Generator(
                model,
                adapters,
                new GeneratorSettings(settings.slotsOr(EngineSettings.DEFAULT_SLOTS), context, settings.queue()));
        owned.add(generator::close);
        return new Engine(generator, adapters, context);
    }

    /** Without kernels for bfloat16 PyTorch takes many times as long as in float32, which needs twice the memory. */
    private static ComputeType type(EngineSettings settings, ComputeDevice device) {
        ComputeType asked = settings.arithmetic().type();
        if (asked != ComputeType.BFLOAT16 || device.multipliesBfloat16()) {
            return asked;
        }
        MemoryNeed stored = MemoryNeed.of(settings.model(), 0, 0);
        // Caches and adapters are not counted in either; their share of what is left is small.
        MemoryNeed twice = new MemoryNeed(2 * stored.weights(), 0, 0, stored.heap());
        boolean fits = twice.fitsHere();
        LOG.warn(
                "This device has no kernels for bfloat16: {} {} MiB.",
                fits
                        ? "computing in float32, with up to"
                        : "computing in it all the same, slowly, since float32 would need up to",
                twice.total() >> 20);
        return fits ? ComputeType.FLOAT32 : asked;
    }
}

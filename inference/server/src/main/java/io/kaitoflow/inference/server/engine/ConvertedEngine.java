package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.sampling.Generator;
import io.kaitoflow.inference.sampling.GeneratorSettings;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.TorchEngine;

/** Weights converted to the compute type and multiplied by PyTorch: any model the engine knows. */
final class ConvertedEngine {

    private ConvertedEngine() {}

    static Engine start(EngineSettings settings, ComputeDevice device, Owned owned, LoadPhases phases) {
        TorchEngine.start();
        phases.ended("PyTorch");
        CausalModel model =
                CausalModel.load(settings.model(), device, settings.arithmetic().type());
        owned.add(model::close);
        phases.ended("weights");
        int context = settings.contextOf(model.configuration().maximumPositions());
        AdapterRegistry adapters = new AdapterRegistry(model);
        owned.add(adapters::close);
        settings.adapters().forEach((name, source) -> adapters.load(name, source.read(settings.base())));
        phases.ended("adapters");
        Generator generator =
                new Generator(model, adapters, new GeneratorSettings(settings.slots(), context, settings.queue()));
        owned.add(generator::close);
        return new Engine(generator, new Registry(adapters), context);
    }

    private record Registry(AdapterRegistry registry) implements Engine.Adapters {
        @Override
        public void load(String name, LoraAdapter adapter) {
            registry.replace(name, adapter);
        }

        @Override
        public void unload(String name) {
            registry.unload(name);
        }
    }
}

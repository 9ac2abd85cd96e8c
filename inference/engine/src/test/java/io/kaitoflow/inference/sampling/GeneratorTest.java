package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tensor.ComputeType;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class GeneratorTest extends TokenGeneratorContract {
    private static final CausalModel MODEL = CausalModel.load(Reference.path("tiny/llama"), ComputeType.FLOAT32);

    private AdapterRegistry adapters = new AdapterRegistry(MODEL);

    @BeforeEach
    void loadAdapters() {
        adapters.close();
        adapters = new AdapterRegistry(MODEL);
        adapters.load("first", adapter(1));
        adapters.load("second", adapter(2));
    }

    @AfterEach
    void closeAdapters() {
        adapters.close();
    }

    @AfterAll
    static void closeModel() {
        MODEL.close();
    }

    @Override
    TokenGenerator generator(int slots, int queue) {
        return new Generator(MODEL, adapters, new GeneratorSettings(slots, CAPACITY, queue));
    }

    @Override
    void unload(String adapter) {
        adapters.unload(adapter);
    }

    @Override
    Set<String> names() {
        return adapters.names();
    }
}

package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.model.Reference;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class StepSchedulerTest extends TokenGeneratorContract {
    private static final DecodeModel MODEL =
            DecodeModel.open(Reference.path("tiny/llama"), false).orElseThrow();

    private AdapterShelf adapters = new AdapterShelf(MODEL.configuration());

    @BeforeEach
    void loadAdapters() {
        adapters = new AdapterShelf(MODEL.configuration());
        adapters.load("first", adapter(1));
        adapters.load("second", adapter(2));
    }

    @AfterAll
    static void closeModel() {
        MODEL.close();
    }

    @Override
    TokenGenerator generator(int slots, int queue) {
        var settings = new BatchDecoder.Settings(slots * CAPACITY, CAPACITY, slots, 128, 2, false);
        return new StepScheduler(MODEL.configuration(), adapters, new BatchDecoder(MODEL, settings), queue);
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

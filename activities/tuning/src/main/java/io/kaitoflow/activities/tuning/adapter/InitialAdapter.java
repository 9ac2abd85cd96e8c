package io.kaitoflow.activities.tuning.adapter;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.LoraAdapter.AdaptedModule;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.training.LoraLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An adapter that training goes on from. Modules that it does not have begin anew; where its scaling is another than the recipe's,
 * B takes up the difference, so that the model says before the first step what it says with the adapter.
 *
 * @param adapter as it was pulled
 * @param name how messages call it
 */
public record InitialAdapter(LoraAdapter adapter, String name) {

    /**
     * Reads a folder in PEFT's layout.
     *
     * @throws ModelException if it is damaged, or asks for something that is not done here, by name
     */
    public static InitialAdapter read(Path folder, String name) {
        return new InitialAdapter(LoraAdapter.read(folder), name);
    }

    /**
     * Puts its numbers into an adapter that is about to be trained.
     *
     * @throws ModelException if it is of another rank or model, or has modules that would not be trained on
     */
    public void copyTo(Adapter target, ModelConfiguration model) {
        LoraLayout layout = target.layout();
        int rank = adapter.configuration().rank();
        if (rank != layout.rank()) {
            throw new ModelException("The initial adapter " + name + " has rank " + rank + " and the recipe has r "
                    + layout.rank() + ". Write r: " + rank + ".");
        }
        float factor = (float) (adapter.configuration().scaling() / layout.scaling());
        for (AdaptedModule module : modules(model)) {
            LoraLayout.Module place = place(layout, module).orElseThrow(() -> leftOut(module));
            float[] a = module.a().values();
            MemorySegment.copy(a, 0, target.a(module.layer(), place), JAVA_FLOAT, 0, a.length);
            MemorySegment b = target.b(module.layer(), place);
            float[] up = module.b().values();
            for (int i = 0; i < up.length; i++) {
                b.setAtIndex(JAVA_FLOAT, i, up[i] * factor);
            }
        }
        target.values().push();
    }

    private List<AdaptedModule> modules(ModelConfiguration model) {
        try {
            return adapter.modules(model);
        } catch (ModelException other) {
            throw new ModelException("The initial adapter " + name + " does not fit. " + other.getMessage(), other);
        }
    }

    private static Optional<LoraLayout.Module> place(LoraLayout layout, AdaptedModule module) {
        return layout.modules().stream()
                .filter(each -> each.part().name().equals(module.part().name()))
                .findFirst();
    }

    private ModelException leftOut(AdaptedModule module) {
        return new ModelException(
                "The initial adapter " + name + " has " + module.part().shortName()
                        + ", which target_modules leaves out, so that what it learned there would be lost. Add it to"
                        + " target_modules.");
    }
}

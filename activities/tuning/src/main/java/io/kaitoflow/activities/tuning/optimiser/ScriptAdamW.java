package io.kaitoflow.activities.tuning.optimiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.DeviceVector;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;

/**
 * {@link AdamW} as a tensor program, for numbers on a GPU; only the norm comes back to Java.
 *
 * <p>Each line is one rounding, in the order of {@link AdamW}. The step's numbers lie on the device, because PyTorch multiplies
 * by the rounded reciprocal where it divides by a number of the processor's.
 */
final class ScriptAdamW implements Optimiser {

    private static final String PROGRAM = """
            def squares(self, gradients: Tensor) -> Tensor:
              wide = gradients.to(7)
              return torch.dot(wide, wide)
            def update(self, parameters: Tensor, firsts: Tensor, seconds: Tensor, gradients: Tensor, n: Tensor) -> Tensor:
              gradient = gradients * n[8]
              firsts = firsts.mul_(n[0]).add_(gradient * n[1])
              seconds = seconds.mul_(n[2]).add_((gradient * n[3]).mul_(gradient))
              below = torch.sqrt(seconds).div_(n[5]).add_(n[6])
              return parameters.mul_(n[7]).sub_((firsts * n[4]).div_(below))
            """;

    private final Adam constants;
    private final TorchScriptModule program = new TorchScriptModule(PROGRAM);

    ScriptAdamW(Adam constants) {
        this.constants = constants;
    }

    @Override
    public GradientNorm norm(DeviceVector gradients) {
        NDManager owner = gradients.tensor().getManager();
        try (NDArray squares = program.call(owner, "squares", gradients.tensor())) {
            return new GradientNorm(Math.sqrt(squares.getDouble()));
        }
    }

    @Override
    public void update(TrainedState state, DeviceVector gradients, float clip, long update, double learningRate) {
        AdamStep step = AdamStep.of(constants, update, learningRate);
        float[] numbers = {
            step.keepFirst(),
            step.takeFirst(),
            step.keepSecond(),
            step.takeSecond(),
            step.rate(),
            step.root(),
            step.epsilon(),
            step.remain(),
            clip
        };
        try (NDManager scope = gradients.tensor().getManager().newSubManager()) {
            program.call(
                    scope,
                    "update",
                    state.parameters().tensor(),
                    state.firstMoments().tensor(),
                    state.secondMoments().tensor(),
                    gradients.tensor(),
                    Tensors.of(scope, numbers, new Shape(numbers.length)));
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

package io.kaitoflow.activities.tuning.qlora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import io.kaitoflow.inference.training.LoraLayout;
import java.util.List;

/**
 * {@link LoraDropout} as a tensor program, for a GPU: the same inputs are dropped, and no mask is copied. It is
 * {@link io.kaitoflow.activities.tuning.random.CounterRandom} with the sign bits that arithmetic shifts bring in masked away.
 */
final class DropoutScript implements AutoCloseable {

    private static final String PROGRAM = """
            def mix(self, v: Tensor) -> Tensor:
              z = torch.bitwise_xor(v, torch.bitwise_and(torch.bitwise_right_shift(v, 30), 17179869183)) * -4658895280553007687
              z = torch.bitwise_xor(z, torch.bitwise_and(torch.bitwise_right_shift(z, 27), 137438953471)) * -7723592293110705685
              return torch.bitwise_xor(z, torch.bitwise_and(torch.bitwise_right_shift(z, 31), 8589934591))
            def seen(self, seed: Tensor, numbers: Tensor) -> Tensor:
              length = int(numbers[0])
              place = (seed.new_ones([(length + 3) // 4]).cumsum(0) - 1) * 4 + 1
              bits = self.mix(place * -7046029254386353131 + seed)
              four = torch.stack([bits, torch.bitwise_right_shift(bits, 16), torch.bitwise_right_shift(bits, 32), torch.bitwise_right_shift(bits, 48)], 1)
              return torch.ge(torch.bitwise_and(four, 65535), int(numbers[1])).view([-1]).narrow(0, 0, length)
            def append(self, before: Tensor, seed: Tensor, numbers: Tensor) -> Tensor:
              return torch.cat([before, self.seen(seed, numbers)])
            """;

    private final TorchScriptModule program = new TorchScriptModule(PROGRAM);

    /** As {@link LoraDropout#seen}. */
    List<NDArray> seen(NDManager owner, LoraDropout drops, LoraLayout layout, int block, int rows) {
        if (drops.probability() == 0) {
            return List.of();
        }
        NDArray seen = owner.create(new boolean[0]);
        try (NDManager scope = owner.newSubManager();
                NDManager host = TorchEngine.newOwner(ComputeDevice.CPU)) {
            for (int module = 0; module < layout.modules().size(); module++) {
                long length = (long) rows * layout.modules().get(module).part().columns();
                NDArray seed = scope.create(new long[] {drops.of(block, module).seed()});
                NDArray numbers = host.create(new long[] {length, drops.threshold()});
                seen = program.call(scope, "append", seen, seed, numbers);
            }
            seen.attach(owner);
        }
        return List.of(seen);
    }

    @Override
    public void close() {
        program.close();
    }
}

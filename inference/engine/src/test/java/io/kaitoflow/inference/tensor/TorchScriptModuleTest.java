package io.kaitoflow.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class TorchScriptModuleTest {
    private static final String PROGRAM = """
            def double(self, x: Tensor) -> Tensor:
              return torch.add(x, x)
            def both(self, x: Tensor, y: Tensor) -> List[Tensor]:
              return [torch.add(x, y), torch.mul(x, y)]
            """;

    @Test
    void runsMethodsByName() {
        try (var module = new TorchScriptModule(PROGRAM);
                NDManager owner = TorchEngine.newOwner()) {
            NDArray x = Tensors.of(owner, new float[] {1, 2}, new Shape(2));
            NDArray y = Tensors.of(owner, new float[] {3, 5}, new Shape(2));

            NDList both = module.callForList(owner, "both", x, y);

            assertThat(module.call(owner, "double", x).toFloatArray()).containsExactly(2, 4);
            assertThat(both.get(0).toFloatArray()).containsExactly(4, 7);
            assertThat(both.get(1).toFloatArray()).containsExactly(3, 10);
        }
    }

    @Test
    void givesResultsToTheNamedOwnerAndLeavesNothingElse() {
        try (var module = new TorchScriptModule(PROGRAM);
                NDManager longLived = TorchEngine.newOwner()) {
            NDArray x = Tensors.of(longLived, new float[] {1, 2}, new Shape(2));
            int before = longLived.getManagedArrays().size();

            try (NDManager scope = longLived.newSubManager()) {
                for (int i = 0; i < 100; i++) {
                    module.callForList(scope, "both", x, x);
                }
                assertThat(scope.getManagedArrays()).hasSize(200);
            }

            assertThat(longLived.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void quotesTheCompilerWhenTheTextIsWrong() {
        assertThatThrownBy(() ->
                        new TorchScriptModule("def f(self, x: Tensor) -> Tensor:\n  return torch.no_such_thing(x)\n"))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("no_such_thing");
    }

    @Test
    void reportsAFailingCallByTheMethodsName() {
        try (var module = new TorchScriptModule(PROGRAM);
                NDManager owner = TorchEngine.newOwner()) {
            NDArray x = Tensors.of(owner, new float[2], new Shape(2));
            NDArray y = Tensors.of(owner, new float[3], new Shape(3));

            assertThatThrownBy(() -> module.callForList(owner, "both", x, y))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("both");
        }
    }
}

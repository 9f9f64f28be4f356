package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Grad;
import org.junit.jupiter.api.Test;

/** The examples of the documentation, compiled and run. */
class SnippetsTest {
  @Test
  void tensor() {
    // @start region="tensor"
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor row = Tensor.of(new float[] {10, 20}, 2);
    Tensor sum = a.plus(row); // (2, 2): 11, 22, 13, 24
    Tensor slope = Grad.gradient(x -> x.square().sum(), a); // 2 a
    // @end
    assertArrayEquals(new float[] {11, 22, 13, 24}, sum.toFloatArray());
    assertArrayEquals(new float[] {2, 4, 6, 8}, slope.toFloatArray());
    assertEquals(2, sum.size(1));
  }
}

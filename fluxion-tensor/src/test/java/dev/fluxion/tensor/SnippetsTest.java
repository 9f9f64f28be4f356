package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn1;
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

  @Test
  void linearAlgebra() {
    // @start region="linear-algebra"
    Tensor a = Tensor.of(new double[] {4, 1, 1, 3}, 2, 2);
    Tensor x = LinearAlgebra.solve(a, Tensor.of(new double[] {1, 2}, 2));
    Tensor inverse = Grad.gradient(m -> LinearAlgebra.logDeterminant(m), a); // A⁻ᵀ
    // @end
    assertArrayEquals(new double[] {1.0 / 11, 7.0 / 11}, x.toDoubleArray(), 1e-15);
    double[] expected = {3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11};
    assertArrayEquals(expected, inverse.toDoubleArray(), 1e-15);
  }

  @Test
  void special() {
    // @start region="special"
    Tensor x = Tensor.of(new double[] {1, 2, 5}, 3);
    Tensor factorials = SpecialFunctions.logGamma(x.plus(1)).exp(); // 1, 2, 120
    Tensor digamma = Grad.gradient(y -> SpecialFunctions.logGamma(y).sum(), x);
    // @end
    assertArrayEquals(new double[] {1, 2, 120}, factorials.toDoubleArray(), 1e-12);
    assertEquals(-0.5772156649015329, digamma.toDoubleArray()[0], 1e-14);
  }

  @Test
  void compiled() {
    // @start region="compiled"
    Tensor weights = Tensor.normal(1, 0, 0.1, 784, 128);
    Tensor bias = Tensor.zeros(128);
    Fn1<Tensor, Tensor> layer =
        Fluxion.compiled((Tensor x) -> x.matmul(weights).plus(bias).tanh().plus(1).div(2));
    Tensor y = layer.apply(Tensor.uniform(2, 0, 1, 32, 784)); // after the product all is one loop
    // @end
    Tensor x = Tensor.uniform(2, 0, 1, 32, 784);
    Tensor expected = x.matmul(weights).plus(bias).tanh().plus(1).div(2);
    assertArrayEquals(expected.toFloatArray(), y.toFloatArray());
  }

  @Test
  void map() {
    // @start region="map"
    double sharpness = 2;
    Tensor x = Tensor.of(new float[] {-1, 0, 1}, 3);
    Tensor y = Tensor.map(v -> v / (1 + Math.exp(-sharpness * v)), x);
    Tensor slope = Grad.gradient(a -> Tensor.map(v -> v > 0 ? v : 0.1 * v, a).sum(), x);
    // @end
    assertArrayEquals(new float[] {-0.119203f, 0, 0.880797f}, y.toFloatArray(), 1e-6f);
    assertArrayEquals(new float[] {0.1f, 0.1f, 1}, slope.toFloatArray());
  }

  @Test
  void mapOfTwo() {
    // @start region="map-two"
    Tensor points = Tensor.of(new float[] {3, 4, 5, 12}, 2, 2);
    Tensor centre = Tensor.of(new float[] {0, 4}, 2);
    Tensor distance = Tensor.map((a, b) -> Math.abs(a - b), points, centre); // 3, 0, 5, 8
    // @end
    assertArrayEquals(new float[] {3, 0, 5, 8}, distance.toFloatArray());
  }

  @Test
  void update() {
    Tensor dx = Tensor.of(new float[] {10, 20}, 2);
    // @start region="update"
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    x.update((element, slope) -> element - 0.1 * slope, dx); // x is (0, 0)
    // @end
    assertArrayEquals(new float[] {0, 0}, x.toFloatArray(), 1e-6f);
  }
}

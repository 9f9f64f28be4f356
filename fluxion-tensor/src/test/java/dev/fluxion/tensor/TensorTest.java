package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Making, printing and changing tensors; sums; random numbers; corners of the number types. */
class TensorTest {
  @Test
  void manyEqualNumbersAddUpExactly() {
    int count = 4_000_000;
    Tensor tenths = Tensor.full(0.1, count);
    assertEquals(count * (double) 0.1f, tenths.sum().item(), count * 0.1 * 1e-7);
    assertEquals(count, Tensor.ones(count).sum().item(), count * 1e-7);
    assertEquals(1, Tensor.ones(count / 2, 2).mean().item(), 1e-7);
    Tensor columns = Tensor.full(0.1, count / 4, 4).sum(0);
    assertEquals(count * 0.25 * 0.1f, columns.toDoubleArray()[3], count * 1e-8);
    Tensor doubles = Tensor.full(DType.FLOAT64, 0.1, count);
    assertEquals(count * 0.1, doubles.sum().item(), count * 1e-16);
  }

  @Test
  void functionsOfLongVectorsAreAccurate() {
    int count = 10_001;
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i - count / 2) * 2e-3;
    }
    Tensor x = Tensor.of(numbers, count);
    compare(numbers, x, Tensor::exp, Math::exp);
    compare(numbers, x, Tensor::tanh, Math::tanh);
    compare(numbers, x, Tensor::sin, Math::sin);
    compare(numbers, x, Tensor::cos, Math::cos);
    compare(numbers, x, Tensor::expm1, Math::expm1);
    compare(numbers, x, Tensor::sigmoid, v -> 1 / (1 + Math.exp(-v)));
    compare(numbers, x, Tensor::softplus, DoubleMath::softplus);
    compare(numbers, x, Tensor::erf, Functions::erf);
    compare(numbers, x, Tensor::gelu, Functions::gelu);
    compare(numbers, x, v -> v.square().log(), v -> Math.log(v * v));
    compare(numbers, x, v -> v.abs().log1p(), v -> Math.log1p(Math.abs(v)));
  }

  private static void compare(
      double[] numbers,
      Tensor x,
      java.util.function.UnaryOperator<Tensor> f,
      java.util.function.DoubleUnaryOperator g) {
    double[] actual = f.apply(x).toDoubleArray();
    float[] narrow = f.apply(x.cast(DType.FLOAT32)).toFloatArray();
    for (int i = 0; i < numbers.length; i++) {
      double exact = g.applyAsDouble(numbers[i]);
      if (Double.isFinite(exact)) {
        assertEquals(exact, actual[i], 1e-14 * Math.max(1, Math.abs(exact)));
        double rounded = g.applyAsDouble((float) numbers[i]);
        assertEquals(rounded, narrow[i], 1e-6 * Math.max(1, Math.abs(rounded)));
      }
    }
  }

  @Test
  void gradientsOfEmptyAndSingleTensors() {
    Tensor empty = Tensor.zeros(0, 4);
    assertArrayEquals(new int[] {0, 4}, Grad.gradient(x -> x.exp().sum(), empty).shape());
    assertArrayEquals(
        new int[] {0, 4},
        Grad.gradient(x -> x.matmul(Tensor.ones(4, 2)).logSoftmax().sum(), empty).shape());
    Tensor scalar = Tensor.full(3);
    assertEquals(6, Grad.gradient(x -> x.square().sum(), scalar).item());
    assertArrayEquals(new int[0], scalar.shape());
  }

  @Test
  void tiesAndNaNsInGradients() {
    Tensor x = Tensor.of(new float[] {1, 3, 3}, 3);
    assertArrayEquals(new float[] {0, 0.5f, 0.5f}, Grad.gradient(a -> a.max(), x).toFloatArray());
    assertArrayEquals(
        new float[] {0.5f, 1, 1},
        Grad.gradient(a -> a.maximum(Tensor.ones(3)).sum(), x).toFloatArray());
    Tensor mixed = Tensor.of(new float[] {-1, 0, 2, Float.NaN}, 4);
    assertArrayEquals(
        new float[] {0, 0, 1, 1}, Grad.gradient(a -> a.relu().sum(), mixed).toFloatArray());
    Tensor equal = Tensor.ones(1, 1, 2, 2);
    assertArrayEquals(
        new float[] {1, 0, 0, 0}, Grad.gradient(a -> a.maxPool2d(2).sum(), equal).toFloatArray());
  }

  @Test
  void assignLeavesEarlierResultsAlone() {
    Tensor x = Tensor.arange(4);
    Tensor view = x.reshape(2, 2);
    Tensor source = Tensor.of(new double[] {5, 6, 7, 8}, 4);
    x.assign(source);
    assertArrayEquals(new float[] {5, 6, 7, 8}, x.toFloatArray());
    assertEquals(DType.FLOAT32, x.dtype());
    assertArrayEquals(new float[] {0, 1, 2, 3}, view.toFloatArray());
  }

  @Test
  void arraysAreCopied() {
    float[] data = {1, 2};
    Tensor x = Tensor.of(data, 2);
    data[0] = 9;
    x.toFloatArray()[1] = 9;
    x.shape()[0] = 9;
    assertArrayEquals(new float[] {1, 2}, x.toFloatArray());
    assertEquals(2, x.size(0));
  }

  @Test
  void printsShapeTypeAndEnds() {
    assertEquals("Tensor() of FLOAT32 2.5", Tensor.full(2.5).toString());
    assertEquals("Tensor(0, 2) of FLOAT32 []", Tensor.zeros(0, 2).toString());
    assertEquals("Tensor(2, 2) of FLOAT32 [[1.0, 0.0], [0.0, 1.0]]", Tensor.eye(2).toString());
    assertEquals(
        "Tensor(9) of FLOAT64 [0.0, 1.0, 2.0, …, 6.0, 7.0, 8.0]",
        Tensor.arange(9).cast(DType.FLOAT64).toString());
  }

  @Test
  void equalityIsIdentity() {
    Tensor x = Tensor.ones(2);
    int hash = x.hashCode();
    x.assign(Tensor.zeros(2));
    assertEquals(hash, x.hashCode());
    assertNotEquals(x, Tensor.zeros(2));
  }

  @Test
  void philoxGivesItsPublishedWords() {
    int[] zeros = new int[4];
    Philox.block(0, zeros);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, zeros);
    int[] ones = {-1, -1, -1, -1};
    Philox.block(-1, ones);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, ones);
  }

  @Test
  void randomNumbersHaveTheirMoments() {
    int count = 200_000;
    Tensor uniform = Tensor.uniform(7, -1, 3, count);
    assertEquals(1, uniform.mean().item(), 0.01);
    assertEquals(16.0 / 12, uniform.variance(new int[] {0}, false).item(), 0.01);
    assertTrue(uniform.min().item() >= -1 && uniform.max().item() <= 3);
    Tensor normal = Tensor.normal(7, 2, 0.5, count);
    assertEquals(2, normal.mean().item(), 0.01);
    assertEquals(0.25, normal.variance(new int[] {0}, false).item(), 0.01);
    assertArrayEquals(uniform.toFloatArray(), Tensor.uniform(7, -1, 3, count).toFloatArray());
    assertNotEquals(uniform.toFloatArray()[0], Tensor.uniform(8, -1, 3, count).toFloatArray()[0]);
    assertArrayEquals(
        Tensor.normal(7, 2, 0.5, 5).toFloatArray(), normal.slice(0, 0, 5).toFloatArray());
  }

  @Test
  void oneHotMarksLabels() {
    assertArrayEquals(
        new float[] {0, 0, 1, 1, 0, 0}, Tensor.oneHot(new int[] {2, 0}, 3).toFloatArray());
  }

  @Test
  void mapsAFunctionOfOnesOwnInOneLoop() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Tensor x = ValuesTest.random(type, 1, 2, 0, 70, 70);
      Tensor y = ValuesTest.random(type, 2, 2, 0, 70, 70);
      Tensor z = ValuesTest.random(type, 3, 1, 2, 70, 70);
      double tolerance = type == DType.FLOAT32 ? 1e-6 : 1e-14;
      for (double factor : new double[] {2, 3}) {
        assertArrayEquals(
            x.times(factor).toDoubleArray(),
            Tensor.map(a -> a * factor, x).toDoubleArray(),
            tolerance);
        assertArrayEquals(
            x.times(factor).plus(y).toDoubleArray(),
            Tensor.map((a, b) -> factor * a + b, x, y).toDoubleArray(),
            2 * tolerance);
        assertArrayEquals(
            x.times(factor).plus(y).div(z.sqrt()).toDoubleArray(),
            Tensor.map((a, b, c) -> (factor * a + b) / Math.sqrt(c), x, y, z).toDoubleArray(),
            8 * tolerance);
      }
    }
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fluxion.grad.Grad;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A number that is all elements is, to every operation, an array full of it. */
class RepeatedTest {
  private static final int[] SHAPE = {3, 50, 20};

  private static Tensor repeated(DType type) {
    return Tensor.full(type, 1.25).broadcastTo(SHAPE);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void operations(DType type) {
    Tensor x = ValuesTest.random(type, 1, 1, 0, SHAPE);
    Tensor row = ValuesTest.random(type, 2, 1, 0, 50, 1);
    Tensor square = ValuesTest.random(type, 3, 1, 0, 20, 7);
    double number = 0.7;
    List<UnaryOperator<Tensor>> operations =
        List.of(
            r -> r.plus(x),
            r -> x.minus(r),
            r -> r.times(r),
            r -> r.div(row),
            r -> row.pow(r),
            r -> r.times(number).plus(2),
            r -> r.greater(x).cast(type),
            r -> r.greater(1.0).cast(type),
            r -> r.exp().neg(),
            r -> r.matmul(square),
            r -> r.sum(1),
            r -> r.reshape(50, 60).transpose(),
            r -> Tensor.map((a, b) -> a * Math.sin(b) + number, x, r),
            r -> Tensor.map(a -> a / 3, r),
            r -> Tensor.map((a, b, c) -> a * b - c, r, row, r),
            r -> r.cast(DType.BFLOAT16).cast(type));
    for (int i = 0; i < operations.size(); i++) {
      Tensor few = repeated(type);
      assertInstanceOf(Repeated.class, few.elements());
      double[] numbers = new double[3000];
      java.util.Arrays.fill(numbers, 1.25);
      Tensor full = Tensor.of(numbers, SHAPE).cast(type);
      Tensor found = operations.get(i).apply(few);
      Tensor expected = operations.get(i).apply(full);
      assertArrayEquals(expected.shape(), found.shape(), "operation " + i);
      assertArrayEquals(expected.toDoubleArray(), found.toDoubleArray(), 1e-6, "operation " + i);
    }
  }

  @Test
  void cotangentsOfSums() {
    Tensor x = ValuesTest.random(DType.FLOAT64, 1, 1, 0, 2000);
    double[] slopes =
        Grad.gradient(a -> Tensor.map(v -> v * v * v, a).sum().times(2), x).toDoubleArray();
    double[] numbers = x.toDoubleArray();
    for (int i = 0; i < slopes.length; i++) {
      assertEquals(6 * numbers[i] * numbers[i], slopes[i], 1e-14);
    }
    assertEquals(3, Grad.gradient(a -> a.sum().times(3), x).max().item());
  }
}

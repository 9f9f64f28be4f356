package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn2;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MappedTest {
  private static final int MANY = Mapped.FEWEST + 12_345;

  private static Tensor numbers(DType type, int... shape) {
    return Tensor.uniform(17, -2, 2, shape).cast(type);
  }

  private static Tensor wave(Tensor x, Tensor y) {
    return Tensor.map((a, b) -> Math.tanh(a * b) + Math.exp(-a) / (1 + a * a), x, y);
  }

  /** What is not computed as a whole is summed to the bits of what is. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 0", "FLOAT64, 0", "FLOAT32, 4000000", "FLOAT64, 4000000"})
  void aSumIsThatOfTheElements(DType type, int more) {
    Tensor x = numbers(type, MANY + more);
    Tensor y = numbers(type, MANY + more).times(0.5);
    Tensor waiting = wave(x, y);
    assertInstanceOf(Mapped.class, waiting.elements());
    double sum = waiting.sum().item();
    assertInstanceOf(Mapped.class, waiting.elements());
    Tensor there = wave(x, y);
    assertSame(there.buffer(), there.elements());
    assertEquals(there.sum().item(), sum);
    assertEquals(there.sum(0).item(), waiting.sum(0).item());
    assertEquals(there.mean().item(), wave(x, y).mean().item());
    assertArrayEquals(there.toDoubleArray(), waiting.toDoubleArray());
  }

  @Test
  void whatStretchesIsSummedToo() {
    Tensor rows = numbers(DType.FLOAT32, 1100, 1);
    Tensor columns = numbers(DType.FLOAT32, 1, 1100);
    Tensor there = wave(rows, columns);
    there.buffer();
    assertEquals(there.sum().item(), wave(rows, columns).sum().item());
    Tensor number = Tensor.full(0.25);
    Tensor x = numbers(DType.FLOAT32, MANY);
    Tensor all = wave(x, number);
    all.buffer();
    assertEquals(all.sum().item(), wave(x, number).sum().item());
  }

  /** Only the sum of everything is special. */
  @Test
  void sumsOverSomeAxes() {
    Tensor x = numbers(DType.FLOAT64, 1024, 1025);
    Tensor there = wave(x, x);
    there.buffer();
    assertArrayEquals(there.sum(1).toDoubleArray(), wave(x, x).sum(1).toDoubleArray());
    assertArrayEquals(there.sum(0).toDoubleArray(), wave(x, x).sum(0).toDoubleArray());
  }

  /** It is what it was when the function was applied, whatever happens to the inputs since. */
  @Test
  void isOfWhatTheInputsWere() {
    Tensor x = numbers(DType.FLOAT64, MANY);
    Tensor first = wave(x, x);
    double expected = wave(x.plus(0), x.plus(0)).sum().item();
    x.assign(x.times(3));
    assertEquals(expected, first.sum().item());
    Tensor second = wave(x, x);
    double other = wave(x.plus(0), x.plus(0)).sum().item();
    x.update(a -> a + 1);
    assertEquals(other, second.sum().item());
    assertEquals(other, second.buffer() == second.elements() ? second.sum().item() : Double.NaN);
  }

  @Test
  void manyOnTopOfEachOther() {
    Tensor x = numbers(DType.FLOAT64, MANY);
    for (int i = 0; i < 40; i++) {
      x = Tensor.map(a -> a * 0.5 + 1, x);
    }
    assertEquals(2 * (double) MANY, x.sum().item(), 1e-4);
  }

  /** A function that may throw, or do something else, is called when it is applied. */
  @Test
  void whatIsNotArithmeticIsNotPutOff() {
    int[] calls = {0};
    Tensor x = numbers(DType.FLOAT64, MANY);
    Tensor y =
        Tensor.map(
            a -> {
              calls[0]++;
              return a;
            },
            x);
    assertFalse(y.elements() instanceof Mapped);
    assertEquals(MANY, calls[0]);
  }

  private static Tensor distance(Tensor x, Tensor y) {
    return squares(x, y).sum();
  }

  private static Tensor squares(Tensor x, Tensor y) {
    return x.minus(y).square().times(0.5);
  }

  /** What the compiler puts together is summed as it is computed, too. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void operationsThatAreSummed(DType type) {
    Tensor x = numbers(type, MANY);
    Tensor y = numbers(type, MANY).times(0.25);
    Tensor expected = distance(x, y);
    Fn2<Tensor, Tensor, Tensor> together = Fluxion.compiled(MappedTest::distance);
    assertEquals(expected.item(), together.apply(x, y).item());
    Tensor squares = Fluxion.compiled(MappedTest::squares).apply(x, y);
    assertInstanceOf(Mapped.class, squares.elements());
    assertEquals(expected.item(), squares.sum().item());
    assertArrayEquals(squares(x, y).toDoubleArray(), squares.toDoubleArray());
    Pair<Tensor, Tensor> gradient = Grad.gradient(MappedTest::distance, x, y);
    assertArrayEquals(x.minus(y).toDoubleArray(), gradient.first().toDoubleArray(), 1e-6);
    assertArrayEquals(y.minus(x).toDoubleArray(), gradient.second().toDoubleArray(), 1e-6);
    Tensor row = numbers(type, 1, 1025);
    Tensor rows = numbers(type, 1100, 1025);
    assertEquals(distance(rows, row).item(), together.apply(rows, row).item());
  }

  private static Tensor loss(Tensor x, Tensor y) {
    Tensor z = wave(x, y);
    return z.sum().plus(z.times(z).mean());
  }

  @Test
  void gradientsThroughIt() {
    Tensor x = numbers(DType.FLOAT64, MANY);
    Tensor y = numbers(DType.FLOAT64, MANY).times(0.5);
    Pair<Tensor, Tensor> gradient = Grad.gradient(MappedTest::loss, x, y);
    double[] a = x.toDoubleArray();
    double[] b = y.toDoubleArray();
    double[] dx = gradient.first().toDoubleArray();
    double[] dy = gradient.second().toDoubleArray();
    for (int i = 0; i < MANY; i += 1001) {
      double tanh = Math.tanh(a[i] * b[i]);
      double square = 1 + a[i] * a[i];
      double z = tanh + Math.exp(-a[i]) / square;
      double d = 1 + 2 * z / MANY;
      double slope = 1 - tanh * tanh;
      double rest = Math.exp(-a[i]) * (-1 / square - 2 * a[i] / (square * square));
      assertEquals(d * (slope * b[i] + rest), dx[i], 1e-11);
      assertEquals(d * slope * a[i], dy[i], 1e-11);
    }
  }
}

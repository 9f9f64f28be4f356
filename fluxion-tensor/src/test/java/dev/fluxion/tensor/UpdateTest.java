package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndPullback;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateTest {
  private static Tensor numbers(int seed, int... shape) {
    return Tensor.normal(seed, 0, 1, shape);
  }

  private static Tensor own(Tensor x) {
    return x.plus(0);
  }

  @Test
  void elementsAreSetInPlace() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int size :
          new int[] {1, 2, 3, 15, 16, 17, 63, 64, 65, 100, 1000, 4097, 70_000, 300_001}) {
        Tensor start = numbers(size, size).cast(type);
        Tensor y = numbers(size + 1, size).cast(type);
        Tensor z = numbers(size + 2, size).cast(type);
        Tensor x = own(start);
        Storage before = x.elements();
        for (int i = 0; i < 3; i++) {
          Tensor expected = Tensor.map((a, b, c) -> 0.5 * a * b + Math.exp(-c * c), x, y, z);
          x.update((a, b, c) -> 0.5 * a * b + Math.exp(-c * c), y, z);
          assertArrayEquals(expected.toDoubleArray(), x.toDoubleArray(), 1e-6);
        }
        assertSame(before, x.elements());
        x.update((a, b) -> a - b, y);
        x.update(a -> 2 * a);
        assertSame(before, x.elements());
      }
    }
  }

  @Test
  void vectorsAreSetInPlace() {
    boolean isImmediate = GradualLoop.isImmediate;
    GradualLoop.isImmediate = true;
    try {
      for (int size : new int[] {64, 65, 71, 100, 127, 1000, 4097, 12_345}) {
        Tensor x = own(numbers(size, size));
        Tensor y = numbers(size + 1, size);
        Storage before = x.elements();
        Tensor expected = Tensor.map((a, b) -> 0.9 * a + 0.1 * b * b, x, y);
        x.update((a, b) -> 0.9 * a + 0.1 * b * b, y);
        assertArrayEquals(expected.toFloatArray(), x.toFloatArray());
        assertSame(before, x.elements());
      }
    } finally {
      GradualLoop.isImmediate = isImmediate;
    }
  }

  @Test
  void whatIsSharedStays() {
    Tensor x = own(numbers(1, 6, 100));
    double[] before = x.toDoubleArray();
    Tensor reshaped = x.reshape(100, 6);
    x.update(a -> 2 * a);
    assertArrayEquals(before, reshaped.toDoubleArray());
    assertArrayEquals(numbers(1, 6, 100).times(2).toDoubleArray(), x.toDoubleArray(), 1e-6);
    Tensor copy = Tensor.zeros(6, 100);
    copy.assign(x);
    x.update(a -> a + 1);
    assertArrayEquals(reshaped.times(2).toDoubleArray(), copy.reshape(100, 6).toDoubleArray());
    Storage own = x.elements();
    x.update(a -> a + 1);
    assertSame(own, x.elements(), "once it has elements of its own");
  }

  @Test
  void whatIsComputedLaterComesFromTheOldElements() {
    Tensor one = own(numbers(1, 1));
    Tensor many = one.broadcastTo(new int[] {5000});
    double[] before = many.toDoubleArray();
    one.update(a -> a + 1);
    assertArrayEquals(before, one.minus(1).broadcastTo(new int[] {5000}).toDoubleArray(), 1e-6);
    assertArrayEquals(before, many.toDoubleArray());
    Tensor a = own(numbers(2, 200, 2));
    Tensor b = own(numbers(3, 2, 200));
    Tensor product = a.matmul(b); // of thin factors
    double[] expected = own(numbers(2, 200, 2)).matmul(numbers(3, 2, 200)).toDoubleArray();
    a.update(v -> v * 3);
    b.update(v -> v * 3);
    assertArrayEquals(expected, product.toDoubleArray());
    Tensor wide = own(numbers(4, 200, 2)).matmul(own(numbers(5, 2, 200)));
    Tensor same = wide.reshape(40_000);
    double[] all = same.toDoubleArray();
    Tensor other = wide.reshape(100, 400);
    wide.update(v -> v + 1);
    assertArrayEquals(all, other.toDoubleArray());
  }

  @Test
  void othersStretch() {
    Tensor x = own(numbers(1, 50, 20));
    Tensor row = numbers(2, 20);
    Tensor expected = x.minus(row);
    Storage before = x.elements();
    x.update((a, b) -> a - b, row);
    assertArrayEquals(expected.toFloatArray(), x.toFloatArray());
    assertSame(before, x.elements());
    Tensor sum = x.times(x);
    x.update((a, b) -> a * b, x);
    assertArrayEquals(sum.toFloatArray(), x.toFloatArray());
  }

  @Test
  void aTensorDoesNotStretch() {
    Tensor x = numbers(1, 20);
    assertThrows(ShapeException.class, () -> x.update((a, b) -> a + b, numbers(2, 50, 20)));
    assertThrows(ShapeException.class, () -> x.update((a, b) -> a + b, numbers(2, 3)));
    assertThrows(
        ShapeException.class, () -> x.update((a, b) -> a + b, numbers(2, 20).cast(DType.FLOAT64)));
  }

  @Test
  void otherTypesAndFunctions() {
    Tensor narrow = numbers(1, 100).cast(DType.BFLOAT16);
    Tensor expected = Tensor.map(a -> a * 1.5, narrow);
    narrow.update(a -> a * 1.5);
    assertEquals(DType.BFLOAT16, narrow.dtype());
    assertArrayEquals(expected.toFloatArray(), narrow.toFloatArray());
    int[] calls = {0};
    Tensor x = own(numbers(1, 10));
    Storage before = x.elements();
    x.update(
        a -> {
          calls[0]++; // no loop can be made of it
          return a + 1;
        });
    assertEquals(10, calls[0]);
    assertNotSame(before, x.elements());
    assertArrayEquals(numbers(1, 10).plus(1).toFloatArray(), x.toFloatArray());
  }

  @Test
  void aSumOfProductsKeepsItsTerms() {
    Tensor a = numbers(1, 200, 2);
    Tensor b = numbers(2, 2, 200);
    Tensor c = own(numbers(3, 200, 200));
    double[] expected = a.matmul(b).plus(c).toDoubleArray();
    Tensor left = c.plus(a.matmul(b));
    Tensor right = a.matmul(b).plus(c);
    c.update(v -> 3 * v);
    assertArrayEquals(expected, left.toDoubleArray());
    assertArrayEquals(expected, right.toDoubleArray());
  }

  @Test
  void afterAnExceptionAllIsAsBefore() {
    double[] table = {1, 2, 3};
    Tensor x = own(numbers(1, 6));
    double[] before = x.toDoubleArray();
    Tensor indices = Tensor.arange(6);
    assertThrows(
        ArrayIndexOutOfBoundsException.class,
        () -> x.update((a, i) -> a * table[(int) i], indices));
    assertThrows(
        ArithmeticException.class,
        () -> x.update((a, i) -> a + Math.floorMod(1, (int) (3 - i)), indices));
    assertArrayEquals(before, x.toDoubleArray());
  }

  private static Tensor changing(Tensor x, Tensor factor) {
    Tensor own = own(factor);
    Tensor product = Fluxion.checkpointed((Tensor a) -> a.times(own).tanh()).apply(x);
    change(own);
    return product.times(own).sum();
  }

  private static void change(Tensor x) {
    x.update(a -> 2 * a);
  }

  @Test
  void whatIsComputedAgainComesFromTheOldElements() {
    Tensor x = numbers(1, 50);
    Tensor factor = numbers(2, 50);
    double[] expected =
        Grad.gradient(a -> a.times(factor).tanh().times(factor.times(2)).sum(), x).toDoubleArray();
    Tensor gradient = Grad.gradient(a -> changing(a, factor), x);
    assertArrayEquals(expected, gradient.toDoubleArray(), 1e-6);
    Tensor own = own(factor);
    ValueAndPullback<Tensor, Tensor> later =
        Grad.pullback(Fluxion.checkpointed((Tensor a) -> a.times(own).tanh()), x);
    change(own);
    double[] slopes = later.gradient(factor.times(2)).toDoubleArray();
    assertArrayEquals(expected, slopes, 1e-6);
  }

  private static Tensor updating(Tensor x) {
    Tensor y = Tensor.ones(5000);
    y.update(a -> 3 * a);
    return x.times(y).sum();
  }

  @Test
  void inAGradient() {
    Tensor gradient = Grad.gradient(UpdateTest::updating, numbers(1, 5000));
    assertArrayEquals(Tensor.full(3, 5000).toFloatArray(), gradient.toFloatArray());
  }
}

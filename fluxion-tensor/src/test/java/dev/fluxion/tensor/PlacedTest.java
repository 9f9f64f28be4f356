package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacedTest {
  private static final int[] SHAPE = {6, 50, 8};

  private static Tensor numbers(int seed, int... shape) {
    return Tensor.normal(seed, 0, 1, shape);
  }

  /** The same, one element after the other. */
  private static double[] plain(Tensor part, int axis, int from) {
    Tensor before = zeros(axis, from);
    Tensor behind = zeros(axis, SHAPE[axis] - from - part.size(axis));
    return before.concat(part, axis).concat(behind, axis).toDoubleArray();
  }

  private static Tensor zeros(int axis, int size) {
    int[] shape = SHAPE.clone();
    shape[axis] = size;
    return Tensor.zeros(shape);
  }

  private static double[] sum(double[]... all) {
    double[] sum = new double[all[0].length];
    for (double[] one : all) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += one[i];
      }
    }
    return sum;
  }

  @Test
  void partsAreSet() {
    for (int axis = 0; axis < SHAPE.length; axis++) {
      int[] shape = SHAPE.clone();
      shape[axis] = 2;
      Tensor part = numbers(axis, shape);
      for (int from : new int[] {0, 1, SHAPE[axis] - 2}) {
        Tensor placed = Rearrangements.place(part, SHAPE, axis, from);
        assertInstanceOf(Placed.class, placed.elements());
        assertArrayEquals(plain(part, axis, from), placed.toDoubleArray());
      }
    }
  }

  @Test
  void partsThatLieApartAreOneSum() {
    Tensor first = numbers(1, 6, 20, 8);
    Tensor second = numbers(2, 6, 10, 8);
    Tensor third = numbers(3, 6, 20, 8);
    Tensor all =
        Rearrangements.place(third, SHAPE, 1, 30)
            .plus(Rearrangements.place(first, SHAPE, 1, 0))
            .plus(Rearrangements.place(second, SHAPE, 1, 20));
    assertInstanceOf(Placed.class, all.elements());
    assertArrayEquals(
        first.concat(second, 1).concat(third, 1).toDoubleArray(), all.toDoubleArray());
  }

  @Test
  void aPartMayBeMostOfAll() {
    Tensor most = numbers(1, 6, 45, 8);
    Tensor rest = numbers(2, 6, 5, 8);
    Tensor all =
        Rearrangements.place(rest, SHAPE, 1, 45).plus(Rearrangements.place(most, SHAPE, 1, 0));
    assertInstanceOf(Placed.class, all.elements());
    assertArrayEquals(most.concat(rest, 1).toDoubleArray(), all.toDoubleArray());
  }

  @Test
  void partsThatOverlapAreAdded() {
    Tensor first = numbers(1, 6, 20, 8);
    Tensor second = numbers(2, 6, 20, 8);
    Tensor sum =
        Rearrangements.place(first, SHAPE, 1, 0).plus(Rearrangements.place(second, SHAPE, 1, 19));
    assertFalse(sum.elements() instanceof Placed);
    assertArrayEquals(sum(plain(first, 1, 0), plain(second, 1, 19)), sum.toDoubleArray(), 1e-6);
  }

  @Test
  void partsOfOtherAxesOrReshapedAreAdded() {
    Tensor first = Rearrangements.place(numbers(1, 6, 20, 8), SHAPE, 1, 0);
    Tensor second = Rearrangements.place(numbers(2, 6, 50, 3), SHAPE, 2, 5);
    assertArrayEquals(
        sum(first.toDoubleArray(), second.toDoubleArray()),
        first.plus(second).toDoubleArray(),
        1e-6);
    Tensor third = Rearrangements.place(numbers(3, 6, 20, 8), SHAPE, 1, 30);
    assertArrayEquals(
        sum(first.toDoubleArray(), third.toDoubleArray()),
        first.reshape(300, 8).plus(third.reshape(300, 8)).toDoubleArray(),
        1e-6);
  }

  @Test
  void whatIsAssignedLaterDoesNotCount() {
    Tensor part = numbers(1, 6, 20, 8);
    double[] before = plain(part, 1, 7);
    Tensor placed = Rearrangements.place(part, SHAPE, 1, 7);
    part.assign(part.times(2));
    assertArrayEquals(before, placed.toDoubleArray());
  }

  @Test
  void typesStay() {
    for (DType type : List.of(DType.FLOAT64, DType.BFLOAT16, DType.INT32, DType.BOOL)) {
      Tensor part = numbers(1, 6, 20, 8).times(3).cast(type);
      Tensor placed = Rearrangements.place(part, SHAPE, 1, 7);
      assertArrayEquals(
          plain(part.cast(DType.FLOAT64).cast(DType.FLOAT32), 1, 7), placed.toDoubleArray());
    }
  }

  private static Tensor split(Tensor x) {
    Tensor[] parts = x.split(1, 5);
    Tensor product = parts[0].times(parts[1].sin()).plus(parts[3].exp()).times(parts[4]);
    return product.sum().plus(parts[0].square().sum());
  }

  private static Tensor selected(Tensor x) {
    return split(x.times(x));
  }

  /** Entries that are neighbours are a slice, others not. */
  private static Tensor gathered(Tensor x) {
    Tensor first = x.gather(1, new int[] {3, 4, 5});
    Tensor second = x.gather(1, new int[] {40, 41, 42});
    Tensor third = x.gather(1, new int[] {6, 8, 7});
    Tensor fourth = x.gather(1, new int[] {4, 2, 6}).plus(x.gather(1, new int[] {5, 5, 5}));
    return first.times(second.sin()).plus(third.exp().times(fourth)).sum();
  }

  @Test
  void derivativesOfParts() {
    for (Fn1<Tensor, Tensor> f :
        List.<Fn1<Tensor, Tensor>>of(
            PlacedTest::split, PlacedTest::selected, PlacedTest::gathered)) {
      Tensor x = numbers(4, SHAPE).cast(DType.FLOAT64).times(0.5);
      Tensor direction = numbers(5, SHAPE).cast(DType.FLOAT64);
      Tensor gradient = Grad.gradient(f, x);
      double step = 1e-5;
      double slope =
          (f.apply(x.plus(direction.times(step))).item()
                  - f.apply(x.minus(direction.times(step))).item())
              / (2 * step);
      assertEquals(slope, gradient.times(direction).sum().item(), 1e-6 * Math.abs(slope) + 1e-6);
      double[] product = Grad.hessianVectorProduct(f, x, direction).toDoubleArray();
      double[] ahead = Grad.gradient(f, x.plus(direction.times(step))).toDoubleArray();
      double[] behind = Grad.gradient(f, x.minus(direction.times(step))).toDoubleArray();
      for (int i = 0; i < product.length; i++) {
        double difference = (ahead[i] - behind[i]) / (2 * step);
        assertEquals(difference, product[i], 1e-5 * (1 + Math.abs(difference)));
      }
    }
  }

  @Test
  void slicesOfSlicesAreNotNested() {
    Tensor placed = numbers(6, SHAPE);
    for (int i = 0; i < 20_000; i++) {
      placed = Rearrangements.place(placed, SHAPE, 1, 0);
    }
    assertArrayEquals(numbers(6, SHAPE).toDoubleArray(), placed.toDoubleArray());
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/**
 * In float64: the pushforward against differences of values; the second derivative, forward over
 * reverse and reverse over reverse, against differences of gradients; the third against differences
 * of these.
 */
abstract class HigherDerivatives {
  private static final double STEP = 1e-5;

  final List<DynamicTest> tests = new ArrayList<>();

  static Tensor signed(int seed, int... shape) {
    return ValuesTest.random(DType.FLOAT64, seed, 1.7, 0.01, shape);
  }

  static Tensor positive(int seed, int... shape) {
    return ValuesTest.random(DType.FLOAT64, seed, 0.6, 1, shape);
  }

  /** A number that depends on each element in its own way, and not linearly. */
  static Tensor loss(Fn1<Tensor, Tensor> f, Tensor x) {
    Tensor y = f.apply(x);
    return y.plus(0.1).times(y).times(TensorGradientTest.weigh(y)).sum();
  }

  static Tensor slope(Fn1<Tensor, Tensor> f, Tensor x) {
    return Grad.gradient(a -> loss(f, a), x);
  }

  static Tensor curvature(Fn1<Tensor, Tensor> f, Tensor x, Tensor v) {
    return Grad.gradient(a -> slope(f, a).times(v).sum(), x);
  }

  static double[] difference(Tensor up, Tensor down) {
    return up.minus(down).div(2 * STEP).toDoubleArray();
  }

  void check(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    Tensor v = signed(99, x.shape());
    Tensor up = x.plus(v.times(STEP));
    Tensor down = x.minus(v.times(STEP));
    test(
        name + ", forward",
        () -> difference(f.apply(up), f.apply(down)),
        () -> Grad.jvp(f, x, v).tangent());
    test(
        name + ", forward over reverse",
        () -> difference(slope(f, up), slope(f, down)),
        () -> Grad.hessianVectorProduct(a -> loss(f, a), x, v));
    test(
        name + ", reverse over reverse",
        () -> difference(slope(f, up), slope(f, down)),
        () -> curvature(f, x, v));
    test(
        name + ", third",
        () -> difference(curvature(f, up, v), curvature(f, down, v)),
        () -> Grad.jvp(a -> curvature(f, a, v), x, v).tangent());
  }

  interface Expected {
    double[] get();
  }

  interface Actual {
    Tensor get();
  }

  void test(String name, Expected expected, Actual actual) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              double[] numbers = expected.get();
              double greatest = 1;
              for (double number : numbers) {
                assertTrue(Double.isFinite(number), "the expected number is " + number);
                greatest = Math.max(greatest, Math.abs(number));
              }
              assertArrayEquals(numbers, actual.get().toDoubleArray(), 1e-7 * greatest);
            }));
  }
}

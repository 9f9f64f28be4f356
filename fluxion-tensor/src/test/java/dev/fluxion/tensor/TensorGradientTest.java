package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the primitives agree with finite differences, in float64. */
class TensorGradientTest {
  private static final int[] COLUMNS = {2, 0, 1};
  private static final int[] ROWS = {1, 1, 0};

  private final List<DynamicTest> tests = new ArrayList<>();

  record Pair(Tensor a, Tensor b) {}

  private static Tensor random(int seed, int... shape) {
    double[] data = new double[Tensor.count(shape)];
    Random random = new Random(seed);
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextDouble(0.2, 1.5) * (random.nextBoolean() && seed > 9 ? -1 : 1);
    }
    return Tensor.of(data, shape);
  }

  /** Weighs the elements differently, so that a permuted gradient cannot pass. */
  static Tensor weigh(Tensor y) {
    double[] weights = new double[y.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.sin(1.0 + i);
    }
    return Tensor.of(weights, y.shape());
  }

  private void check(String name, Tensor x, Function<Tensor, Tensor> value, Fn1<Tensor, Tensor> f) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              double h = 1e-6;
              double[] expected = new double[x.size()];
              for (int i = 0; i < expected.length; i++) {
                double[] data = x.toDoubleArray();
                data[i] += h;
                double up = value.apply(Tensor.of(data, x.shape())).item();
                data[i] -= 2 * h;
                double down = value.apply(Tensor.of(data, x.shape())).item();
                expected[i] = (up - down) / (2 * h);
              }
              Tensor actual = Grad.gradient(f, x);
              assertArrayEquals(x.shape(), actual.shape());
              assertArrayEquals(expected, actual.toDoubleArray(), 1e-6);
            }));
  }

  private void check(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    check(name, x, f::apply, f);
  }

  @TestFactory
  List<DynamicTest> agreesWithFiniteDifferences() {
    Tensor x = random(1, 3, 4);
    Tensor y = random(2, 3, 4);
    Tensor row = random(3, 4);
    Tensor w6 = weigh(random(0, 3, 6));
    Tensor w = weigh(x);
    check("plus", x, a -> a.plus(y).times(w).sum());
    check("plus stretched", row, a -> y.plus(a).times(w).sum());
    check("minus", x, a -> y.minus(a).times(w).sum());
    check("minus stretched", row, a -> a.minus(y).times(w).sum());
    check("times", x, a -> a.times(y).times(a).times(w).sum());
    check("times stretched", row, a -> y.times(a).times(w).sum());
    check("div", x, a -> a.div(y).plus(y.div(a)).times(w).sum());
    check("times number", x, a -> a.times(2.5).plus(1.0).times(w).sum());
    check("times computed number", x, a -> a.times(a.sum().item()).times(w).sum());
    check("plus computed number", x, a -> a.plus(a.mean().item()).times(w).sum());
    check("neg", x, a -> a.neg().times(w).sum());
    check("exp", x, a -> a.exp().times(w).sum());
    check("log", x, a -> a.log().times(w).sum());
    check("sqrt", x, a -> a.sqrt().times(w).sum());
    check("tanh", x, a -> a.tanh().times(w).sum());
    check("sigmoid", x, a -> a.sigmoid().times(w).sum());
    check("relu", random(10, 3, 4), a -> a.relu().times(w).sum());
    check("square", x, a -> a.square().times(w).sum());
    check("mean", x, a -> a.times(w).mean());
    check("sum over", x, a -> a.sum(1).square().sum());
    check("sum over first", x, a -> a.sum(0).square().sum());
    check("sumTo", x, a -> a.sumTo(new int[] {1, 4}).square().sum());
    check("broadcastTo", row, a -> a.broadcastTo(new int[] {3, 4}).times(w).sum());
    check("reshape", x, a -> a.reshape(2, -1).square().reshape(3, 4).times(w).sum());
    check("flatten", x, a -> a.flatten().times(w).sum());
    Tensor transposed = w.transpose();
    check("transpose", x, a -> a.transpose().times(transposed).sum());
    Tensor right = random(4, 4, 6);
    check("matmul left", x, a -> a.matmul(right).times(w6).sum());
    check("matmul right", right, b -> x.matmul(b).times(w6).sum());
    check("gather", x, a -> a.gather(ROWS).times(w).sum());
    check("pick", x, a -> a.pick(COLUMNS).square().sum());
    check("logSoftmax", x, a -> a.logSoftmax().times(w).sum());
    check("softmax", x, a -> a.softmax().times(w).sum());
    Tensor images = random(5, 2, 3, 5, 4);
    Tensor kernel = random(6, 4, 3, 2, 3);
    Tensor weights = weigh(random(7, 2, 4, 4, 2));
    check("conv2d in images", images, a -> a.conv2d(kernel).times(weights).sum());
    check("conv2d in kernel", kernel, k -> images.conv2d(k).times(weights).sum());
    Tensor pooled = weigh(random(8, 2, 3, 2, 2));
    check("maxPool2d", images, a -> a.maxPool2d(2).times(pooled).sum());
    check("fill", x, a -> a.fill(a.sum().item()).times(w).sum());
    check("array and back", x, a -> Tensor.of(squared(a.toDoubleArray()), 3, 4).times(w).sum());
    check("loop", x, a -> repeated(a, y).times(w).sum());
    check("branch", x, a -> (a.sum().item() > 0 ? a.exp() : a.log()).times(w).sum());
    return tests;
  }

  static double[] squared(double[] numbers) {
    double[] result = new double[numbers.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = numbers[i] * numbers[i];
    }
    return result;
  }

  static Tensor repeated(Tensor x, Tensor y) {
    Tensor z = x;
    for (int i = 0; i < 4; i++) {
      z = z.times(y).plus(x).tanh();
    }
    return z;
  }

  @Test
  void gradientOfARecordOfTensors() {
    Pair pair = new Pair(random(1, 2, 2), random(2, 2, 2));
    Pair gradient = Grad.gradient(p -> p.a().times(p.b()).sum(), pair);
    assertArrayEquals(pair.b().toDoubleArray(), gradient.a().toDoubleArray());
    assertArrayEquals(pair.a().toDoubleArray(), gradient.b().toDoubleArray());
  }

  /** Such a function gives an object of which its caller does not know that it is a tensor. */
  @Test
  void gradientOfAFunctionThatIsAnObject() {
    Tensor x = Tensor.of(new float[] {3}, 1);
    Fn1<Tensor, Tensor> checkpointed = Fluxion.checkpointed((Tensor y) -> y.times(y).plus(y));
    assertArrayEquals(new float[] {7}, Grad.gradient(checkpointed, x).toFloatArray());
    Fn1<Tensor, Tensor> compiled = Fluxion.compiled((Tensor y) -> y.times(y).plus(y));
    assertArrayEquals(new float[] {7}, Grad.gradient(compiled, x).toFloatArray());
  }

  @Test
  void unusedTensorHasZeroGradient() {
    Pair pair = new Pair(random(1, 2), random(2, 3));
    Pair gradient = Grad.gradient(p -> p.a().sum(), pair);
    assertArrayEquals(new double[3], gradient.b().toDoubleArray());
  }

  @Test
  void whatIsKeptButNotUsedHasZeroGradient() {
    Pair pair = new Pair(random(1, 2), random(2, 3));
    Pair gradient = Grad.gradient(p -> new Pair(p.a().exp(), p.b()).b().sum(), pair);
    assertArrayEquals(new double[2], gradient.a().toDoubleArray());
    assertArrayEquals(new double[] {1, 1, 1}, gradient.b().toDoubleArray());
  }

  @Test
  void floatsGoInAndOut() {
    float[] gradient =
        Grad.gradient(
            f -> {
              float[] back = Tensor.of(f, 2).square().toFloatArray();
              return back[0] + 3 * back[1];
            },
            new float[] {1, 2});
    assertArrayEquals(new float[] {2, 12}, gradient);
  }

  @Test
  void whatHasNoRuleIsRefused() {
    Tensor other = random(2, 2);
    assertThrows(
        GradientException.class,
        () ->
            Grad.gradient(
                a -> {
                  a.assign(other);
                  return a.sum();
                },
                random(1, 2)));
  }

  @Test
  void float32StaysFloat32() {
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    assertEquals(DType.FLOAT32, Grad.gradient(a -> a.times(2.0).exp().sum(), x).dtype());
  }

  @Test
  void shapeErrorsNameTheOperationAndBothShapes() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> Tensor.zeros(3, 4).matmul(Tensor.zeros(3, 5)));
    assertTrue(e.getMessage().contains("matmul of (3, 4) and (3, 5)"), e.getMessage());
    ShapeException plus =
        assertThrows(ShapeException.class, () -> Tensor.zeros(3, 4).plus(Tensor.zeros(3)));
    assertTrue(plus.getMessage().contains("plus of shapes (3, 4) and (3)"), plus.getMessage());
  }
}

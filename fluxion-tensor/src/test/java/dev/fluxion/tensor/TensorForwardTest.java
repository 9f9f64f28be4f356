package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndTangent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Forward mode, alone and over reverse mode, agrees with finite differences, in float64. */
class TensorForwardTest {
  private final List<DynamicTest> tests = new ArrayList<>();

  record Network(Tensor w, Tensor b, Tensor v) {}

  private static Tensor random(int seed, int... shape) {
    int size = 1;
    for (int one : shape) {
      size *= one;
    }
    double[] data = new double[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      data[i] = random.nextDouble(0.2, 1.5) * (seed > 9 && random.nextBoolean() ? -1 : 1);
    }
    return Tensor.of(data, shape);
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

  private static double dot(Tensor a, Tensor b) {
    return a.times(b).sum().item();
  }

  /** The tangent against a difference, and against the gradient of a weighted sum. */
  private void check(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              Tensor v = random(20, x.shape());
              ValueAndTangent<Tensor> result = Grad.jvp(f, x, v);
              double h = 1e-6;
              Tensor up = f.apply(x.plus(v.times(h)));
              Tensor down = f.apply(x.minus(v.times(h)));
              Tensor expected = up.minus(down).times(1 / (2 * h));
              assertArrayEquals(f.apply(x).toDoubleArray(), result.value().toDoubleArray(), 1e-15);
              assertArrayEquals(expected.shape(), result.tangent().shape());
              assertArrayEquals(expected.toDoubleArray(), result.tangent().toDoubleArray(), 1e-6);
            }));
  }

  @TestFactory
  List<DynamicTest> tangentsAgreeWithFiniteDifferences() {
    Tensor x = random(1, 3, 4);
    Tensor y = random(2, 3, 4);
    Tensor row = random(3, 4);
    Tensor right = random(4, 4, 6);
    int[] columns = {2, 0, 1};
    check("plus", row, a -> a.plus(y).plus(y.plus(a)));
    check("minus", row, a -> a.minus(y).times(y.minus(a)));
    check("times", row, a -> a.times(y).times(a));
    check("div", row, a -> a.div(y).plus(y.div(a)));
    check("numbers", x, a -> a.times(2.5).plus(a.sum().item()).times(a.mean().item()));
    check("fill", x, a -> a.fill(a.sum().item()));
    check("functions", x, a -> a.exp().log().sqrt().tanh().sigmoid());
    check("relu", random(10, 3, 4), a -> a.relu());
    check("sums", x, a -> a.sum(1).times(a.sum(0)).sumTo(new int[] {1, 4}));
    check("shapes", x, a -> a.reshape(2, -1).transpose().flatten().broadcastTo(new int[] {6, 2}));
    check("matmul left", x, a -> a.matmul(right));
    check("matmul right", right, b -> x.matmul(b));
    check("gather", x, a -> a.gather(new int[] {1, 1, 0}));
    check("pick", x, a -> a.pick(columns));
    check("softmax", x, a -> a.logSoftmax().times(a.softmax()));
    Tensor images = random(5, 2, 3, 5, 4);
    Tensor kernel = random(6, 4, 3, 2, 3);
    check("conv2d in images", images, a -> a.conv2d(kernel));
    check("conv2d in kernel", kernel, k -> images.conv2d(k));
    check("maxPool2d", images, a -> a.maxPool2d(2));
    check("arrays", x, a -> Tensor.of(squared(a.toDoubleArray()), 3, 4));
    check("loop", x, a -> repeated(a, y));
    check("branch", x, a -> a.sum().item() > 0 ? a.exp() : a.log());
    check("constant", x, a -> y);
    return tests;
  }

  @Test
  void float32StaysFloat32() {
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    Tensor tangent = Grad.jvp(a -> a.times(2.0).exp().relu().logSoftmax(), x, x).tangent();
    assertEquals(DType.FLOAT32, tangent.dtype());
  }

  private static Tensor loss(Network n, Tensor x, int[] labels) {
    Tensor hidden = x.matmul(n.w()).plus(n.b()).tanh();
    return hidden.matmul(n.v()).logSoftmax().pick(labels).mean().neg();
  }

  private static Network step(Network at, Network direction, double h) {
    return new Network(
        at.w().plus(direction.w().times(h)),
        at.b().plus(direction.b().times(h)),
        at.v().plus(direction.v().times(h)));
  }

  private static double dot(Network a, Network b) {
    return dot(a.w(), b.w()) + dot(a.b(), b.b()) + dot(a.v(), b.v());
  }

  /** The product with the Hessian against differences of gradients. */
  private void checkSecond(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              Tensor v = random(20, x.shape());
              double h = 1e-5;
              Tensor up = Grad.gradient(f, x.plus(v.times(h)));
              Tensor down = Grad.gradient(f, x.minus(v.times(h)));
              double[] expected = up.minus(down).times(1 / (2 * h)).toDoubleArray();
              assertArrayEquals(expected, Grad.hessianVectorProduct(f, x, v).toDoubleArray(), 1e-6);
            }));
  }

  @TestFactory
  List<DynamicTest> secondDerivativesAgreeWithDifferencesOfGradients() {
    Tensor x = random(1, 3, 4);
    Tensor y = random(2, 3, 4);
    Tensor row = random(3, 4);
    Tensor right = random(4, 4, 6);
    int[] rows = {1, 1, 0};
    int[] columns = {2, 0, 1};
    checkSecond("arithmetic", row, a -> a.times(y).plus(a).div(a.plus(-3.0)).square().sum());
    checkSecond("numbers", x, a -> a.times(a.sum().item()).square().mean());
    checkSecond("functions", x, a -> a.exp().log().times(a.sqrt()).tanh().sigmoid().sum());
    checkSecond("relu", random(10, 3, 4), a -> a.relu().square().sum());
    checkSecond("sums", x, a -> a.sum(1).times(a.sum(0)).square().sum());
    checkSecond("shapes", x, a -> a.reshape(2, -1).transpose().square().flatten().square().sum());
    checkSecond("matmul", x, a -> a.matmul(right).square().sum());
    checkSecond("gather", x, a -> a.gather(rows).exp().sum());
    checkSecond("pick", x, a -> a.pick(columns).exp().sum());
    checkSecond("softmax", x, a -> a.logSoftmax().times(a.softmax()).sum());
    Tensor images = random(5, 2, 3, 5, 4);
    Tensor kernel = random(6, 4, 3, 2, 3);
    checkSecond("conv2d in images", images, a -> a.conv2d(kernel).square().mean());
    checkSecond("conv2d in kernel", kernel, k -> images.conv2d(k).square().mean());
    Tensor small = random(6, 3, 3, 2, 2);
    checkSecond("conv2d twice", small, k -> images.conv2d(k).conv2d(k).tanh().mean());
    checkSecond("maxPool2d", images, a -> a.maxPool2d(2).square().sum());
    checkSecond("arrays", x, a -> Tensor.of(squared(a.toDoubleArray()), 3, 4).square().sum());
    checkSecond("loop", x, a -> repeated(a, y).sum());
    return tests;
  }

  @Test
  void hessianVectorProductOfANetwork() {
    Tensor x = random(11, 5, 3);
    int[] labels = {0, 1, 1, 0, 1};
    Fn1<Network, Tensor> f = n -> loss(n, x, labels);
    Network at = new Network(random(12, 3, 4), random(13, 4), random(14, 4, 2));
    Network u = new Network(random(15, 3, 4), random(16, 4), random(17, 4, 2));
    Network v = new Network(random(18, 3, 4), random(19, 4), random(20, 4, 2));
    Network hu = Grad.hessianVectorProduct(f, at, u);
    Network hv = Grad.hessianVectorProduct(f, at, v);
    double h = 1e-5;
    Network up = Grad.gradient(f, step(at, v, h));
    Network down = Grad.gradient(f, step(at, v, -h));
    Network expected = step(step(up, up, -1), step(up, down, -1), 1 / (2 * h));
    assertArrayEquals(expected.w().toDoubleArray(), hv.w().toDoubleArray(), 1e-7);
    assertArrayEquals(expected.b().toDoubleArray(), hv.b().toDoubleArray(), 1e-7);
    assertArrayEquals(expected.v().toDoubleArray(), hv.v().toDoubleArray(), 1e-7);
    assertEquals(dot(u, hv), dot(v, hu), 1e-12);
  }

  private static Tensor sumOf(Tensor[] parts) {
    Tensor sum = parts[0];
    for (int i = 1; i < parts.length; i++) {
      sum = sum.plus(parts[i]);
    }
    return sum.sum();
  }

  @Test
  void anArgumentThatIsAConstantTooCountsOnce() {
    Tensor a = random(1, 2);
    double[] ones = {1, 1};
    assertArrayEquals(ones, Grad.gradient(x -> sumOf(new Tensor[] {x, a}), a).toDoubleArray());
    Tensor along = Grad.jvp(x -> sumOf(new Tensor[] {x, a}), a, a).tangent();
    assertEquals(a.sum().item(), along.item(), 1e-15);
  }

  @Test
  void gradientsOfGradients() {
    Tensor x = random(1, 4);
    // d/dx of |∇ sum x³|² = sum 9 x⁴
    Tensor g = Grad.gradient(a -> slope(a).square().sum(), x);
    assertArrayEquals(x.times(x).times(x).times(36.0).toDoubleArray(), g.toDoubleArray(), 1e-12);
  }

  private static Tensor slope(Tensor a) {
    return Grad.gradient(b -> b.times(b).times(b).sum(), a);
  }
}

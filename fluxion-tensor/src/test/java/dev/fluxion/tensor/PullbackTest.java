package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The pullback of each primitive agrees with central differences, in float64. */
class PullbackTest {
  private static final int[] FIRST = {0};
  private static final int[] ENDS = {0, 2};
  private static final int[] ALL = {0, 1, 2};
  private static final int[] ROWS = {2, 0, 2, 1};
  private static final int[] COLUMNS = {3, 0, 1};
  private static final double STEP = 1e-6;

  private final List<DynamicTest> tests = new ArrayList<>();

  private static Tensor signed(int seed, int... shape) {
    return ValuesTest.random(DType.FLOAT64, seed, 1.7, 0.01, shape);
  }

  private static Tensor positive(int seed, int... shape) {
    return ValuesTest.random(DType.FLOAT64, seed, 0.6, 1, shape);
  }

  /** Weighs the elements differently, so that a permuted gradient cannot pass. */
  static Tensor weighed(Tensor y) {
    return y.times(TensorGradientTest.weigh(y)).sum();
  }

  private void check(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              double[] expected = new double[x.size()];
              for (int i = 0; i < expected.length; i++) {
                double[] data = x.toDoubleArray();
                data[i] += STEP;
                double up = f.apply(Tensor.of(data, x.shape())).item();
                data[i] -= 2 * STEP;
                double down = f.apply(Tensor.of(data, x.shape())).item();
                expected[i] = (up - down) / (2 * STEP);
              }
              Tensor actual = Grad.gradient(f, x);
              assertArrayEquals(x.shape(), actual.shape());
              assertArrayEquals(expected, actual.toDoubleArray(), 2e-7);
            }));
  }

  @TestFactory
  List<DynamicTest> agreesWithFiniteDifferences() {
    functions();
    twoArguments();
    reductions();
    rearrangements();
    products();
    images();
    return tests;
  }

  private void functions() {
    Tensor x = signed(1, 3, 4);
    Tensor p = positive(2, 3, 4);
    Tensor flat = signed(3, 70);
    check("neg", x, a -> weighed(a.neg()));
    check("abs", x, a -> weighed(a.abs()));
    check("square", x, a -> weighed(a.square()));
    check("sqrt", p, a -> weighed(a.sqrt()));
    check("rsqrt", p, a -> weighed(a.rsqrt()));
    check("exp", x, a -> weighed(a.exp()));
    check("expm1", x, a -> weighed(a.expm1()));
    check("log", p, a -> weighed(a.log()));
    check("log1p", p, a -> weighed(a.log1p()));
    check("sin", x, a -> weighed(a.sin()));
    check("cos", x, a -> weighed(a.cos()));
    check("tan", x.times(0.5), a -> weighed(a.tan()));
    check("atan", x, a -> weighed(a.atan()));
    check("tanh", x, a -> weighed(a.tanh()));
    check("sigmoid", x, a -> weighed(a.sigmoid()));
    check("relu", x, a -> weighed(a.relu()));
    check("softplus", x, a -> weighed(a.softplus()));
    check("erf", x, a -> weighed(a.erf()));
    check("gelu", x, a -> weighed(a.gelu()));
    check("sin of a vector", flat, a -> weighed(a.sin()));
    check("cos of a vector", flat, a -> weighed(a.cos()));
    check("softplus of a vector", flat, a -> weighed(a.softplus()));
    check("erf of a vector", flat, a -> weighed(a.erf()));
    check("gelu of a vector", flat, a -> weighed(a.gelu()));
    check("clamp", x, a -> weighed(a.clamp(-0.5, 0.8)));
    check("plus number", x, a -> weighed(a.plus(0.3).square()));
    check("minus number", x, a -> weighed(a.minus(0.3).square()));
    check("times number", x, a -> weighed(a.times(0.3).square()));
    check("div number", x, a -> weighed(a.div(0.3).square()));
    check("pow number", p, a -> weighed(a.pow(2.5)));
    check("plus computed number", x, a -> weighed(a.plus(a.sum().item())));
    check("minus computed number", x, a -> weighed(a.minus(a.sum().item()).square()));
    check("times computed number", x, a -> weighed(a.times(a.sum().item())));
    check("div by computed number", p, a -> weighed(a.div(a.sum().item())));
    check("pow of computed number", p, a -> weighed(a.pow(a.mean().item())));
    check("full of computed number", x, a -> weighed(Tensor.full(a.dtype(), a.sum().item(), 2, 3)));
  }

  private void twoArguments() {
    Tensor x = signed(4, 3, 4);
    Tensor y = signed(5, 3, 4);
    Tensor p = positive(6, 3, 4);
    Tensor row = positive(7, 4);
    Tensor column = positive(8, 3, 1);
    Tensor cube = positive(9, 2, 3, 4);
    check("plus", x, a -> weighed(a.plus(y).times(a.plus(row)).plus(column.plus(a))));
    check("minus", x, a -> weighed(a.minus(y).times(a.minus(row)).plus(column.minus(a).square())));
    check("plus and minus of a column", column, a -> weighed(cube.plus(a).times(a.minus(cube))));
    check("times of a column", column, a -> weighed(cube.times(a).plus(a.times(row))));
    check("div", p, a -> weighed(a.div(row).plus(column.div(a))));
    check("div by a column", column, a -> weighed(cube.div(a).plus(a.div(cube))));
    check("pow", p, a -> weighed(a.pow(y)));
    check("pow of a row", row, a -> weighed(cube.pow(a).plus(a.pow(cube))));
    check("maximum", x, a -> weighed(a.maximum(y).plus(y.maximum(a).square())));
    check("minimum", x, a -> weighed(a.minimum(row).plus(row.minimum(a).square())));
    check(
        "where", x, a -> weighed(Tensor.where(y.greater(0), a, row).plus(Tensor.where(y, row, a))));
    check("where stretched", row, a -> weighed(Tensor.where(x.less(0.2), a, a.square())));
    check("masks are constant", x, a -> weighed(a.times(a.greater(y)).times(a.lessOrEqual(1))));
    check("cast", x, a -> weighed(a.square().cast(DType.FLOAT64)));
  }

  private void reductions() {
    Tensor x = signed(10, 2, 3, 4);
    check("sum", x, a -> weighed(a.square().sum()));
    check("sum over one", x, a -> weighed(a.square().sum(1)));
    check("sum over ends", x, a -> weighed(a.square().sum(ENDS, true)));
    check("sum over first, dropped", x, a -> weighed(a.square().sum(FIRST, false)));
    check("mean", x, a -> weighed(a.square().mean()));
    check("mean over ends", x, a -> weighed(a.square().mean(ENDS, false)));
    check("variance", x, a -> weighed(a.variance(ENDS, true)));
    check("variance of all", x, a -> weighed(a.variance(ALL, false)));
    check("max", x, a -> weighed(a.max()));
    check("min", x, a -> weighed(a.min()));
    check("max over ends", x, a -> weighed(a.max(ENDS, true)));
    check("min over first, dropped", x, a -> weighed(a.min(FIRST, false)));
    check("sumTo", x, a -> weighed(a.square().sumTo(new int[] {3, 1})));
    check("broadcastTo", signed(11, 3, 1), a -> weighed(a.broadcastTo(new int[] {2, 3, 4})));
    check("softmax", x, a -> weighed(a.softmax()));
    check("logSoftmax", x, a -> weighed(a.logSoftmax()));
    check("logSumExp", x, a -> weighed(a.logSumExp()));
    check("norm of a row", x, a -> weighed(a.div(a.square().sum(2).plus(1).sqrt())));
  }

  private void rearrangements() {
    Tensor x = signed(12, 2, 3, 4);
    Tensor y = signed(13, 2, 1, 4);
    Tensor m = signed(14, 3, 4);
    Tensor n = signed(27, 3, 4);
    check("reshape", x, a -> weighed(a.square().reshape(4, -1)));
    check("flatten", x, a -> weighed(a.square().flatten()));
    check("transpose", m, a -> weighed(a.square().transpose()));
    check("transpose axes", x, a -> weighed(a.square().transpose(0, -1)));
    check("permute", x, a -> weighed(a.square().permute(1, 2, 0)));
    check("slice", x, a -> weighed(a.square().slice(1, 1, 3)));
    check("at", x, a -> weighed(a.square().at(1)));
    check("expand", x, a -> weighed(a.square().expand()));
    check("concat left", x, a -> weighed(a.square().concat(y, 1)));
    check("concat right", y, a -> weighed(x.concat(a.square(), 1)));
    check("concat many", m, a -> weighed(Tensor.concat(0, a, a.square(), n, a)));
    check("stack", m, a -> weighed(Tensor.stack(a, n, a.square())));
    Tensor tall = signed(26, 2, 70, 17);
    check("transpose of many", tall, a -> weighed(a.square().transpose(1, 2)));
    check("split", x, a -> weighed(product(a.split(2, 2))));
    check("gather", m, a -> weighed(a.square().gather(ROWS)));
    check("pick", m, a -> weighed(a.square().pick(COLUMNS)));
  }

  private static Tensor product(Tensor[] parts) {
    return parts[0].times(parts[1]);
  }

  private void products() {
    Tensor m = signed(15, 3, 4);
    Tensor right = signed(16, 4, 2);
    Tensor cube = signed(17, 2, 3, 4);
    Tensor other = signed(18, 2, 4, 2);
    Tensor stretched = signed(19, 2, 1, 3, 4);
    check("matmul left", m, a -> weighed(a.matmul(right)));
    check("matmul right", right, b -> weighed(m.matmul(b)));
    check("matmul batch left", cube, a -> weighed(a.matmul(other)));
    check("matmul batch right", other, b -> weighed(cube.matmul(b)));
    check("matmul shared right", right, b -> weighed(cube.matmul(b)));
    check("matmul shared left", m, a -> weighed(a.matmul(other)));
    check("matmul batch by shared", cube, a -> weighed(a.matmul(right)));
    check("matmul stretched left", stretched, a -> weighed(a.matmul(other)));
    check("matmul stretched right", other, b -> weighed(stretched.matmul(b)));
    check(
        "attention",
        cube,
        a -> weighed(a.matmul(a.transpose(1, 2)).times(0.5).softmax().matmul(a)));
  }

  private void images() {
    Tensor x = signed(20, 2, 4, 6, 5);
    Tensor k = signed(21, 2, 4, 3, 2);
    Tensor grouped = signed(22, 4, 2, 3, 3);
    Tensor point = signed(23, 3, 4, 1, 1);
    Tensor single = signed(24, 1, 4, 6, 5);
    check("conv2d in images", x, a -> weighed(a.conv2d(k)));
    check("conv2d in kernel", k, b -> weighed(x.conv2d(b)));
    check("conv2d with stride and padding in images", x, a -> weighed(a.conv2d(k, 2, 1)));
    check("conv2d with stride and padding in kernel", k, b -> weighed(x.conv2d(b, 2, 1)));
    check("conv2d with dilation in images", x, a -> weighed(a.conv2d(k, 1, 2, 2, 1)));
    check("conv2d with dilation in kernel", k, b -> weighed(x.conv2d(b, 1, 2, 2, 1)));
    check("conv2d in groups in images", x, a -> weighed(a.conv2d(grouped, 1, 1, 1, 2)));
    check("conv2d in groups in kernel", grouped, b -> weighed(x.conv2d(b, 1, 1, 1, 2)));
    check("conv2d pointwise in images", x, a -> weighed(a.conv2d(point)));
    check("conv2d pointwise in kernel", point, b -> weighed(x.conv2d(b)));
    check("conv2d of one image in images", single, a -> weighed(a.conv2d(k, 1, 1)));
    check("conv2d of one image in kernel", k, b -> weighed(single.conv2d(b, 1, 1)));
    Tensor wide = signed(25, 4, 2, 3, 2);
    check("convTranspose2d in images", x, a -> weighed(a.convTranspose2d(wide, 2, 1)));
    check("convTranspose2d in kernel", wide, b -> weighed(x.convTranspose2d(b, 2, 1)));
    check("maxPool2d", x, a -> weighed(a.maxPool2d(2)));
    check("maxPool2d with stride and padding", x, a -> weighed(a.maxPool2d(3, 2, 1)));
    check("meanPool2d", x, a -> weighed(a.meanPool2d(2)));
    check("meanPool2d with stride and padding", x, a -> weighed(a.meanPool2d(3, 2, 1)));
  }

  @Test
  void theCotangentOfAGreatestNaNGoesToTheFirstOne() {
    double nan = Double.NaN;
    double[] elements = {1, nan, 5, 2, nan, 3, nan, 4, 2, 1, 3, nan, nan, 0, 7, nan};
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = Tensor.of(elements, 1, 1, 4, 4).cast(type);
      Tensor last = ChannelsLast.images(x.permute(0, 2, 3, 1));
      double[][] expected = { // without and with padding
        {0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0},
        {1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1}
      };
      for (int padding : new int[] {0, 1}) {
        Fn1<Tensor, Tensor> gradient = y -> Grad.gradient(a -> a.maxPool2d(2, 2, padding).sum(), y);
        assertArrayEquals(expected[padding], gradient.apply(x).toDoubleArray());
        assertArrayEquals(expected[padding], gradient.apply(last).toDoubleArray());
      }
    }
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * For each primitive, in float64: the pushforward against differences of values; the second
 * derivative, forward over reverse and reverse over reverse, against differences of gradients; the
 * third against differences of these.
 */
@Execution(ExecutionMode.CONCURRENT)
class HigherDerivativesTest extends HigherDerivatives {
  private static final int[] LAST = {-1};
  private static final int[] ENDS = {0, 2};
  private static final int[] ROWS = {2, 0, 2, 1};
  private static final int[] COLUMNS = {3, 0, 1};

  @Test
  void randomNumbersDependOnWhatTheyAreDrawnFrom() {
    Tensor at = Tensor.of(new double[] {0.5});
    Tensor one = Tensor.of(new double[] {1});
    Tensor uniform = Tensor.uniform(7, 0, 1, 5);
    Tensor normal = Tensor.normal(7, 0, 1, 5);
    Tensor ones = Tensor.ones(5);
    check(uniform.neg().plus(1), a -> Tensor.uniform(7, a.item(), 2, 5), at, one);
    check(uniform, a -> Tensor.uniform(7, -1, a.item(), 5), at, one);
    check(ones, a -> Tensor.normal(7, a.item(), 2, 5), at, one);
    check(normal, a -> Tensor.normal(7, -1, a.item(), 5), at, one);
  }

  private static void check(Tensor slopes, Fn1<Tensor, Tensor> f, Tensor at, Tensor one) {
    Tensor tangent = Grad.jvp(f, at, one).tangent();
    assertArrayEquals(slopes.toDoubleArray(), tangent.toDoubleArray(), 1e-6);
    Tensor gradient = Grad.gradient(a -> PullbackTest.weighed(f.apply(a).cast(at.dtype())), at);
    double expected = PullbackTest.weighed(slopes.cast(at.dtype())).item();
    assertEquals(expected, gradient.item(), 1e-6);
  }

  /** Its loss is known as an object only, and so is the tensor that holds the number. */
  @SuppressWarnings("serial")
  private static final class Cubes implements Fn1<Tensor, Tensor> {
    @Override
    public Tensor apply(Tensor x) {
      return x.times(x).times(x).sum();
    }
  }

  @Test
  void ofAnObjectOfAClass() {
    Fn1<Tensor, Tensor> f = new Cubes();
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    Tensor v = Tensor.of(new double[] {1, 0.5}, 2);
    double[] second = {6, 6};
    double[] along = Grad.jvp(a -> Grad.gradient(f, a), x, v).tangent().toDoubleArray();
    assertArrayEquals(second, along, 1e-12);
    double[] product = Grad.hessianVectorProduct(f, x, v).toDoubleArray();
    assertArrayEquals(second, product, 1e-12);
    double[] rows = Grad.gradient(a -> Grad.gradient(f, a).sum(), x).toDoubleArray();
    assertArrayEquals(new double[] {6, 12}, rows, 1e-12);
    Tensor third = Grad.jvp(a -> Grad.gradient(b -> Grad.gradient(f, b).sum(), a), x, v).tangent();
    assertArrayEquals(new double[] {6, 3}, third.toDoubleArray(), 1e-12);
  }

  @TestFactory
  List<DynamicTest> agreeWithDifferences() {
    functions();
    numbers();
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
    check("neg", x, a -> a.neg());
    check("abs", x, a -> a.abs());
    check("square", x, a -> a.square());
    check("sqrt", p, a -> a.sqrt());
    check("rsqrt", p, a -> a.rsqrt());
    check("exp", x, a -> a.exp());
    check("expm1", x, a -> a.expm1());
    check("log", p, a -> a.log());
    check("log1p", p, a -> a.log1p());
    check("sin", x, a -> a.sin());
    check("cos", x, a -> a.cos());
    check("tan", x.times(0.5), a -> a.tan());
    check("atan", x, a -> a.atan());
    check("tanh", x, a -> a.tanh());
    check("sigmoid", x, a -> a.sigmoid());
    check("relu", x, a -> a.relu());
    check("softplus", x, a -> a.softplus());
    check("erf", x, a -> a.erf());
    check("gelu", x, a -> a.gelu());
    check("clamp", x, a -> a.clamp(-0.5, 0.8));
    check("steps", x, a -> a.plus(a.sign()).plus(a.floor()).plus(a.ceil()).plus(a.round()));
    check("masks", x, a -> a.times(a.greater(0.3)).times(a.lessOrEqual(1)));
  }

  private void numbers() {
    Tensor x = signed(3, 3, 4);
    Tensor p = positive(4, 3, 4);
    check("plus number", x, a -> a.plus(0.3));
    check("minus number", x, a -> a.minus(0.3));
    check("times number", x, a -> a.times(0.3));
    check("div number", x, a -> a.div(0.3));
    check("pow number", p, a -> a.pow(2.5));
    check("plus computed number", x, a -> a.plus(a.sum().item()));
    check("minus computed number", x, a -> a.minus(a.square().sum().item()));
    check("times computed number", x, a -> a.times(a.sum().item()));
    check("div by computed number", p, a -> a.div(a.sum().item()));
    check("pow of computed number", p, a -> a.pow(a.mean().item()));
    check("clamp between computed numbers", x, a -> a.clamp(-a.mean().item() - 1, a.sum().item()));
    check("fill", x, a -> a.fill(a.square().sum().item()));
    check("full", x, a -> Tensor.full(a.dtype(), a.square().sum().item(), 2, 3));
    check("cast", x, a -> a.square().cast(DType.FLOAT64));
    check("arrays", x, a -> Tensor.of(a.square().toDoubleArray(), 4, 3));
  }

  private void twoArguments() {
    Tensor x = signed(5, 3, 4);
    Tensor y = signed(6, 3, 4);
    Tensor p = positive(7, 3, 4);
    Tensor row = positive(8, 4);
    Tensor column = positive(9, 3, 1);
    Tensor cube = positive(10, 2, 3, 4);
    check("plus", x, a -> a.plus(y).times(row.plus(a)));
    check("minus", x, a -> a.minus(row).times(y.minus(a)));
    check("plus and minus of a column", column, a -> cube.plus(a).times(a.minus(cube)));
    check("times", x, a -> a.times(y).times(a));
    check("times of a column", column, a -> cube.times(a).plus(a.times(row)));
    check("div", p, a -> a.div(row).plus(column.div(a)));
    check("div by a column", column, a -> cube.div(a).plus(a.div(cube)));
    check("pow", p, a -> a.pow(y).plus(y.square().pow(a)));
    check("pow of a row", row, a -> cube.pow(a).plus(a.pow(cube)));
    check("maximum", x, a -> a.maximum(y).plus(row.maximum(a).square()));
    check("minimum", x, a -> a.minimum(row).plus(y.minimum(a).square()));
    check("maximum of a row", row, a -> cube.maximum(a).plus(a.minimum(cube)));
    check("where", x, a -> Tensor.where(y.greater(0), a, row).plus(Tensor.where(y, row, a)));
    check("where stretched", row, a -> Tensor.where(x.less(0.2), a, a.square()));
  }

  private void reductions() {
    Tensor x = signed(11, 2, 3, 4);
    check("sum", x, a -> a.square().sum());
    check("sum over one", x, a -> a.square().sum(1));
    check("sum over ends", x, a -> a.square().sum(ENDS, true));
    check("sum over last, dropped", x, a -> a.square().sum(LAST, false));
    check("mean", x, a -> a.square().mean());
    check("mean over ends", x, a -> a.square().mean(ENDS, false));
    check("variance", x, a -> a.variance(ENDS, true));
    check("max", x, a -> a.max());
    check("max over ends", x, a -> a.max(ENDS, false));
    check("min", x, a -> a.min());
    check("min over last", x, a -> a.min(LAST, true));
    check("sumTo", x, a -> a.square().sumTo(new int[] {3, 1}));
    check("broadcastTo", signed(12, 3, 1), a -> a.broadcastTo(new int[] {2, 3, 4}));
    check("softmax", x, a -> a.softmax());
    check("logSoftmax", x, a -> a.logSoftmax());
    check("logSumExp", x, a -> a.logSumExp());
  }

  private void rearrangements() {
    Tensor x = signed(13, 2, 3, 4);
    Tensor y = signed(14, 2, 1, 4);
    Tensor m = signed(15, 3, 4);
    Tensor n = signed(16, 3, 4);
    check("reshape", x, a -> a.square().reshape(4, -1));
    check("flatten", x, a -> a.square().flatten());
    check("transpose", m, a -> a.square().transpose());
    check("transpose axes", x, a -> a.square().transpose(0, -1));
    check("permute", x, a -> a.square().permute(1, 2, 0));
    check("slice", x, a -> a.square().slice(1, 1, 3));
    check("at", x, a -> a.square().at(1));
    check("expand", x, a -> a.square().expand());
    check("concat left", x, a -> a.square().concat(y, 1));
    check("concat right", y, a -> x.concat(a.square(), -2));
    check("concat many", m, a -> Tensor.concat(0, a, a.square(), n, a));
    check("stack", m, a -> Tensor.stack(a, n, a.square()));
    check("gather", m, a -> a.square().gather(ROWS));
    check("pick", m, a -> a.square().pick(COLUMNS));
  }

  private void products() {
    Tensor m = signed(17, 3, 4);
    Tensor right = signed(18, 4, 2);
    Tensor cube = signed(19, 2, 3, 4);
    Tensor other = signed(20, 2, 4, 2);
    Tensor stretched = signed(21, 2, 1, 3, 4);
    Tensor square = signed(22, 3, 3);
    check("matmul left", m, a -> a.matmul(right));
    check("matmul right", right, b -> m.matmul(b));
    check("matmul both", square, a -> a.matmul(a));
    check("matmul batch left", cube, a -> a.matmul(other));
    check("matmul batch right", other, b -> cube.matmul(b));
    check("matmul shared right", right, b -> cube.matmul(b));
    check("matmul shared left", m, a -> a.matmul(other));
    check("matmul stretched left", stretched, a -> a.matmul(other));
    check("matmul stretched right", other, b -> stretched.matmul(b));
    check("attention", cube, a -> a.matmul(a.transpose(1, 2)).times(0.5).softmax().matmul(a));
  }

  private void images() {
    Tensor x = signed(23, 2, 4, 6, 5);
    Tensor k = signed(24, 2, 4, 3, 2).times(0.3);
    Tensor grouped = signed(25, 4, 2, 3, 3).times(0.3);
    Tensor wide = signed(26, 4, 2, 3, 2).times(0.3);
    check("conv2d in images", x, a -> a.conv2d(k));
    check("conv2d in kernel", k, b -> x.conv2d(b));
    check("conv2d with stride and padding in images", x, a -> a.conv2d(k, 2, 1));
    check("conv2d with stride and padding in kernel", k, b -> x.conv2d(b, 2, 1));
    check("conv2d with dilation in images", x, a -> a.conv2d(k, 1, 2, 2, 1));
    check("conv2d with dilation in kernel", k, b -> x.conv2d(b, 1, 2, 2, 1));
    check("conv2d in groups in images", x, a -> a.conv2d(grouped, 1, 1, 1, 2));
    check("conv2d in groups in kernel", grouped, b -> x.conv2d(b, 1, 1, 1, 2));
    check("conv2d in both", signed(27, 2, 2, 3, 3), a -> a.conv2d(a, 1, 1));
    check("convTranspose2d in images", x, a -> a.convTranspose2d(wide, 2, 1));
    check("convTranspose2d in kernel", wide, b -> x.convTranspose2d(b, 2, 1));
    check("maxPool2d", x, a -> a.maxPool2d(2));
    check("maxPool2d with stride and padding", x, a -> a.maxPool2d(3, 2, 1));
    check("meanPool2d", x, a -> a.meanPool2d(2));
    check("meanPool2d with stride and padding", x, a -> a.meanPool2d(3, 2, 1));
  }
}

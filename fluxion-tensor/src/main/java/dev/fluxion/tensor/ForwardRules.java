package dev.fluxion.tensor;

import dev.fluxion.grad.Pushforward;

/**
 * The pushforwards of the primitives, but for those that are their pullbacks too and stand there. A
 * linear operation is its own: it is applied to the tangent.
 */
final class ForwardRules {
  private ForwardRules() {}

  // ---------------------------------------------------------------- arrays and numbers

  @Pushforward(of = "of")
  static Tensor ofFloats(float[] data, int[] shape, Tensor y, float[] d) {
    return Tensor.of(d, shape);
  }

  @Pushforward(of = "of")
  static Tensor ofDoubles(double[] data, int[] shape, Tensor y, double[] d) {
    return Tensor.of(d, shape);
  }

  @Pushforward(of = "toFloatArray")
  static float[] toFloatArray(Tensor x, float[] y, Tensor dx) {
    return dx.toFloatArray();
  }

  @Pushforward(of = "toDoubleArray")
  static double[] toDoubleArray(Tensor x, double[] y, Tensor dx) {
    return dx.toDoubleArray();
  }

  @Pushforward(of = "item")
  static double item(Tensor x, double y, Tensor dx) {
    return dx.item();
  }

  @Pushforward(of = "fill", argument = 1)
  static Tensor fill(Tensor x, double value, Tensor y, double d) {
    return filled(x, d);
  }

  @Pushforward(of = "full")
  static Tensor full(double value, int[] shape, Tensor y, double d) {
    return filled(y, d);
  }

  @Pushforward(of = "full", argument = 1)
  static Tensor fullOfType(DType type, double value, int[] shape, Tensor y, double d) {
    return filled(y, d);
  }

  /** Whole numbers have no tangent. */
  private static Tensor filled(Tensor y, double d) {
    return y.dtype().isFloatingPoint() ? y.fill(d) : y.zero();
  }

  @Pushforward(of = "uniform", argument = 1)
  static Tensor uniformLow(long seed, double low, double high, int[] shape, Tensor y, double d) {
    return Tensor.uniform(seed, d, 0, shape);
  }

  @Pushforward(of = "uniform", argument = 2)
  static Tensor uniformHigh(long seed, double low, double high, int[] shape, Tensor y, double d) {
    return Tensor.uniform(seed, 0, d, shape);
  }

  @Pushforward(of = "normal", argument = 1)
  static Tensor normalMean(
      long seed, double mean, double deviation, int[] shape, Tensor y, double d) {
    return filled(y, d);
  }

  @Pushforward(of = "normal", argument = 2)
  static Tensor normalDeviation(
      long seed, double mean, double deviation, int[] shape, Tensor y, double d) {
    return Tensor.normal(seed, 0, d, shape);
  }

  @Pushforward(of = "cast")
  static Tensor cast(Tensor x, DType type, Tensor y, Tensor dx) {
    return Elementwise.along(dx, y);
  }

  // ---------------------------------------------------------------- arithmetic

  @Pushforward(of = "plus")
  static Tensor plusLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return Elementwise.along(da, y);
  }

  @Pushforward(of = "plus", argument = 1)
  static Tensor plusRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return Elementwise.along(db, y);
  }

  @Pushforward(of = "minus")
  static Tensor minusLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return Elementwise.along(da, y);
  }

  @Pushforward(of = "minus", argument = 1)
  static Tensor minusRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return Elementwise.along(db, y).neg();
  }

  @Pushforward(of = "times")
  static Tensor timesLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.times(b);
  }

  @Pushforward(of = "times", argument = 1)
  static Tensor timesRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return a.times(db);
  }

  @Pushforward(of = "div")
  static Tensor divLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.div(b);
  }

  @Pushforward(of = "div", argument = 1)
  static Tensor divRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return y.times(db).div(b).neg();
  }

  @Pushforward(of = "minus")
  static Tensor minusNumber(Tensor a, double number, Tensor y, Tensor da) {
    return Elementwise.along(da, y);
  }

  @Pushforward(of = "plus")
  static Tensor plusNumber(Tensor a, double number, Tensor y, Tensor da) {
    return Elementwise.along(da, y);
  }

  @Pushforward(of = "times")
  static Tensor timesNumber(Tensor a, double factor, Tensor y, Tensor da) {
    return da.times(factor);
  }

  @Pushforward(of = "div")
  static Tensor divNumber(Tensor a, double divisor, Tensor y, Tensor da) {
    return da.div(divisor);
  }

  @Pushforward(of = "times", argument = 1)
  static Tensor timesFactor(Tensor a, double factor, Tensor y, double d) {
    return y.dtype().isFloatingPoint() ? a.times(d) : y.zero();
  }

  @Pushforward(of = "plus", argument = 1)
  static Tensor plusTerm(Tensor a, double term, Tensor y, double d) {
    return filled(y, d);
  }

  @Pushforward(of = "minus", argument = 1)
  static Tensor minusTerm(Tensor a, double term, Tensor y, double d) {
    return filled(y, -d);
  }

  @Pushforward(of = "div", argument = 1)
  static Tensor divDivisor(Tensor a, double divisor, Tensor y, double d) {
    return y.times(-d / divisor);
  }

  @Pushforward(of = "pow", argument = 1)
  static Tensor powExponent(Tensor a, double exponent, Tensor y, double d) {
    return y.times(a.log()).times(d);
  }

  @Pushforward(of = "pow")
  static Tensor powLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.times(b).times(a.pow(b.minus(1.0)));
  }

  @Pushforward(of = "pow", argument = 1)
  static Tensor powRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return y.times(a.log()).times(db);
  }

  @Pushforward(of = "maximum")
  static Tensor maximumLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.times(Elementwise.share(a, b));
  }

  @Pushforward(of = "maximum", argument = 1)
  static Tensor maximumRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return db.times(Elementwise.share(b, a));
  }

  @Pushforward(of = "minimum")
  static Tensor minimumLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.times(Elementwise.share(b, a));
  }

  @Pushforward(of = "minimum", argument = 1)
  static Tensor minimumRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return db.times(Elementwise.share(a, b));
  }

  @Pushforward(of = "clamp", argument = 1)
  static Tensor clampLow(Tensor x, double low, double high, Tensor y, double d) {
    return filled(x, d).times(x.less(low));
  }

  @Pushforward(of = "clamp", argument = 2)
  static Tensor clampHigh(Tensor x, double low, double high, Tensor y, double d) {
    return filled(x, d).times(x.greater(high));
  }

  @Pushforward(of = "where", argument = 1)
  static Tensor whereFirst(Tensor mask, Tensor a, Tensor b, Tensor y, Tensor da) {
    return Elementwise.along(Tensor.where(mask, da, b.zero()), y);
  }

  @Pushforward(of = "where", argument = 2)
  static Tensor whereSecond(Tensor mask, Tensor a, Tensor b, Tensor y, Tensor db) {
    return Elementwise.along(Tensor.where(mask, a.zero(), db), y);
  }

  // ---------------------------------------------------------------- sums, shapes, products

  @Pushforward(of = "sum")
  static Tensor sum(Tensor x, Tensor y, Tensor dx) {
    return dx.sum();
  }

  @Pushforward(of = "sum")
  static Tensor sumOver(Tensor x, int axis, Tensor y, Tensor dx) {
    return dx.sum(axis);
  }

  @Pushforward(of = "sum")
  static Tensor sumOverAxes(Tensor x, int[] axes, boolean keep, Tensor y, Tensor dx) {
    return dx.sum(axes, keep);
  }

  @Pushforward(of = "mean")
  static Tensor mean(Tensor x, Tensor y, Tensor dx) {
    return dx.mean();
  }

  @Pushforward(of = "mean")
  static Tensor meanOverAxes(Tensor x, int[] axes, boolean keep, Tensor y, Tensor dx) {
    return dx.mean(axes, keep);
  }

  @Pushforward(of = "max")
  static Tensor max(Tensor x, int[] axes, boolean keep, Tensor y, Tensor dx) {
    return ReductionRules.extremeAlong(x, axes, keep, y, dx);
  }

  @Pushforward(of = "min")
  static Tensor min(Tensor x, int[] axes, boolean keep, Tensor y, Tensor dx) {
    return ReductionRules.extremeAlong(x, axes, keep, y, dx);
  }

  @Pushforward(of = "sumTo")
  static Tensor sumTo(Tensor x, int[] target, Tensor y, Tensor dx) {
    return dx.sumTo(target);
  }

  @Pushforward(of = "broadcastTo")
  static Tensor broadcastTo(Tensor x, int[] target, Tensor y, Tensor dx) {
    return dx.broadcastTo(target);
  }

  @Pushforward(of = "reshape")
  static Tensor reshape(Tensor x, int[] sizes, Tensor y, Tensor dx) {
    return dx.reshape(y.shape());
  }

  @Pushforward(of = "flatten")
  static Tensor flatten(Tensor x, Tensor y, Tensor dx) {
    return dx.reshape(y.dimensions());
  }

  @Pushforward(of = "expand")
  static Tensor expand(Tensor x, Tensor y, Tensor dx) {
    return dx.reshape(y.dimensions());
  }

  @Pushforward(of = "permute")
  static Tensor permute(Tensor x, int[] order, Tensor y, Tensor dx) {
    return dx.permute(order);
  }

  @Pushforward(of = "slice")
  static Tensor slice(Tensor x, int axis, int from, int to, Tensor y, Tensor dx) {
    return dx.slice(axis, from, to);
  }

  @Pushforward(of = "concat")
  static Tensor concatLeft(Tensor a, Tensor b, int axis, Tensor y, Tensor da) {
    return Elementwise.along(Rearrangements.place(da, y.dimensions(), axis, 0), y);
  }

  @Pushforward(of = "concat", argument = 1)
  static Tensor concatRight(Tensor a, Tensor b, int axis, Tensor y, Tensor db) {
    return Elementwise.along(Rearrangements.place(db, y.dimensions(), axis, a.size(axis)), y);
  }

  @Pushforward(of = "matmul")
  static Tensor matmulLeft(Tensor a, Tensor b, Tensor y, Tensor da) {
    return da.matmul(b);
  }

  @Pushforward(of = "matmul", argument = 1)
  static Tensor matmulRight(Tensor a, Tensor b, Tensor y, Tensor db) {
    return a.matmul(db);
  }

  @Pushforward(of = "pick")
  static Tensor pick(Tensor x, int[] columns, Tensor y, Tensor dx) {
    return dx.pick(columns);
  }

  @Pushforward(of = "logSumExp")
  static Tensor logSumExp(Tensor x, Tensor y, Tensor dx) {
    return PullbackRules.lastSum(x.minus(y).exp().times(dx));
  }

  @Pushforward(of = "logSoftmax")
  static Tensor logSoftmax(Tensor x, Tensor y, Tensor dx) {
    return PullbackRules.logSoftmaxAlong(y, dx);
  }

  // ---------------------------------------------------------------- convolution and pooling

  @Pushforward(of = "conv2d")
  static Tensor inImages(Tensor x, Tensor kernel, Tensor y, Tensor dx) {
    return dx.conv2d(kernel);
  }

  @Pushforward(of = "conv2d", argument = 1)
  static Tensor inKernel(Tensor x, Tensor kernel, Tensor y, Tensor d) {
    return x.conv2d(d);
  }

  @Pushforward(of = "conv2d")
  static Tensor inImages(
      Tensor x,
      Tensor kernel,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor y,
      Tensor dx) {
    return dx.conv2d(kernel, stride, padding, dilation, groups);
  }

  @Pushforward(of = "conv2d", argument = 1)
  static Tensor inKernel(
      Tensor x,
      Tensor kernel,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor y,
      Tensor d) {
    return x.conv2d(d, stride, padding, dilation, groups);
  }

  @Pushforward(of = "convTranspose2d")
  static Tensor transposedInImages(
      Tensor x, Tensor kernel, int stride, int padding, Tensor y, Tensor dx) {
    return dx.convTranspose2d(kernel, stride, padding);
  }

  @Pushforward(of = "convTranspose2d", argument = 1)
  static Tensor transposedInKernel(
      Tensor x, Tensor kernel, int stride, int padding, Tensor y, Tensor d) {
    return x.convTranspose2d(d, stride, padding);
  }

  @Pushforward(of = "maxPool2d")
  static Tensor maxPool(Tensor x, int window, Tensor y, Tensor dx) {
    return Pooling.maxAlong(x, window, window, 0, y, dx);
  }

  @Pushforward(of = "maxPool2d")
  static Tensor maxPoolStrided(Tensor x, int window, int stride, int padding, Tensor y, Tensor dx) {
    return Pooling.maxAlong(x, window, stride, padding, y, dx);
  }

  @Pushforward(of = "meanPool2d")
  static Tensor meanPool(Tensor x, int window, Tensor y, Tensor dx) {
    return dx.meanPool2d(window);
  }

  @Pushforward(of = "meanPool2d")
  static Tensor meanPoolStrided(
      Tensor x, int window, int stride, int padding, Tensor y, Tensor dx) {
    return dx.meanPool2d(window, stride, padding);
  }
}

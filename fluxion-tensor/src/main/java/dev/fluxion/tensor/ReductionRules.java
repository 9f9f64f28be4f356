package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/** The pullbacks of sums, means, greatest elements and softmax. */
final class ReductionRules {
  private ReductionRules() {}

  @Pullback(of = "sum")
  static Tensor sum(Tensor x, Tensor y, Tensor dy) {
    return Elementwise.along(dy, x);
  }

  @Pullback(of = "sum")
  static Tensor sumOver(Tensor x, int axis, Tensor y, Tensor dy) {
    return Elementwise.along(dy, x);
  }

  @Pullback(of = "sum")
  static Tensor sumOverAxes(Tensor x, int[] axes, boolean keepDimensions, Tensor y, Tensor dy) {
    return spread(x, axes, dy);
  }

  /** A cotangent of what a reduction left, stretched to what went in. */
  private static Tensor spread(Tensor x, int[] axes, Tensor dy) {
    return Elementwise.along(kept(x, axes, dy), x);
  }

  private static Tensor kept(Tensor x, int[] axes, Tensor y) {
    int[] shape = x.dimensions();
    return y.reshape(Shapes.kept(shape, Shapes.axes("sum", axes, shape)));
  }

  @Pullback(of = "mean")
  static Tensor mean(Tensor x, Tensor y, Tensor dy) {
    return Elementwise.along(dy.div(x.size()), x);
  }

  @Pullback(of = "mean")
  static Tensor meanOverAxes(Tensor x, int[] axes, boolean keepDimensions, Tensor y, Tensor dy) {
    return spread(x, axes, dy.div((double) x.size() / Math.max(1, dy.size())));
  }

  @Pullback(of = "max")
  static Tensor max(Tensor x, int[] axes, boolean keepDimensions, Tensor y, Tensor dy) {
    return extreme(x, axes, y, dy);
  }

  @Pullback(of = "min")
  static Tensor min(Tensor x, int[] axes, boolean keepDimensions, Tensor y, Tensor dy) {
    return extreme(x, axes, y, dy);
  }

  private static Tensor extreme(Tensor x, int[] axes, Tensor y, Tensor dy) {
    Tensor mask = x.equalTo(kept(x, axes, y));
    return mask.times(kept(x, axes, dy).div(mask.sum(axes, true)));
  }

  /** The tangent of the elements that tie, on average. */
  static Tensor extremeAlong(Tensor x, int[] axes, boolean keepDimensions, Tensor y, Tensor dx) {
    Tensor mask = x.equalTo(kept(x, axes, y));
    return mask.times(dx).sum(axes, keepDimensions).div(mask.sum(axes, keepDimensions));
  }

  @Pullback(of = "sumTo")
  static Tensor sumTo(Tensor x, int[] target, Tensor y, Tensor dy) {
    return dy.broadcastTo(x.dimensions());
  }

  @Pullback(of = "broadcastTo")
  static Tensor broadcastTo(Tensor x, int[] target, Tensor y, Tensor dy) {
    return dy.sumTo(x.dimensions());
  }

  /** A tangent stretched to a result and a cotangent summed to an argument are adjoint. */
  @Pullback(of = "along")
  static Tensor along(Tensor d, Tensor result, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, d);
  }

  @Pushforward(of = "along")
  static Tensor alongForward(Tensor d, Tensor result, Tensor y, Tensor t) {
    return Elementwise.along(t, result);
  }

  @Pullback(of = "toward")
  static Tensor toward(Tensor d, Tensor argument, Tensor y, Tensor dy) {
    return Elementwise.along(dy, d);
  }

  @Pushforward(of = "toward")
  static Tensor towardForward(Tensor d, Tensor argument, Tensor y, Tensor t) {
    return Elementwise.toward(t, argument);
  }

  /** The Jacobian matrix is symmetric: the pushforward is the same. */
  @Pullback(of = "softmax")
  @Pushforward(of = "softmax")
  static Tensor softmax(Tensor x, Tensor y, Tensor dy) {
    return Softmax.softmaxBack(y, dy);
  }

  @Pullback(of = "logSoftmax")
  static Tensor logSoftmax(Tensor x, Tensor y, Tensor dy) {
    return Softmax.logSoftmaxBack(y, dy);
  }

  @Pullback(of = "logSumExp")
  static Tensor logSumExp(Tensor x, Tensor y, Tensor dy) {
    return x.minus(y).exp().times(dy);
  }
}

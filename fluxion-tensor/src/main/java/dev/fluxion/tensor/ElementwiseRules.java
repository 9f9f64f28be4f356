package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;

/** The pullbacks of what works element by element. */
final class ElementwiseRules {
  private ElementwiseRules() {}

  @Pullback(of = "of")
  static float[] ofFloats(float[] data, int[] shape, Tensor y, Tensor dy) {
    return dy.toFloatArray();
  }

  @Pullback(of = "of")
  static double[] ofDoubles(double[] data, int[] shape, Tensor y, Tensor dy) {
    return dy.toDoubleArray();
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "toFloatArray")
  static Tensor toFloatArray(Tensor x, float[] y, float[] dy) {
    Tensor result = x.zero();
    for (int i = 0; i < dy.length; i++) {
      result.buffer().set(i, dy[i]);
    }
    return result;
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "toDoubleArray")
  static Tensor toDoubleArray(Tensor x, double[] y, double[] dy) {
    Tensor result = x.zero();
    for (int i = 0; i < dy.length; i++) {
      result.buffer().set(i, dy[i]);
    }
    return result;
  }

  @Pullback(of = "fill", argument = 1)
  static double fill(Tensor x, double value, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "item")
  static Tensor item(Tensor x, double y, double dy) {
    return x.fill(dy);
  }

  @Pullback(of = "plus")
  static Tensor plusLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.sumTo(a.dimensions());
  }

  @Pullback(of = "plus", argument = 1)
  static Tensor plusRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.sumTo(b.dimensions());
  }

  @Pullback(of = "minus")
  static Tensor minusLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.sumTo(a.dimensions());
  }

  @Pullback(of = "minus", argument = 1)
  static Tensor minusRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.neg().sumTo(b.dimensions());
  }

  @Pullback(of = "times")
  static Tensor timesLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.times(b).sumTo(a.dimensions());
  }

  @Pullback(of = "times", argument = 1)
  static Tensor timesRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.times(a).sumTo(b.dimensions());
  }

  @Pullback(of = "div")
  static Tensor divLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.div(b).sumTo(a.dimensions());
  }

  @Pullback(of = "div", argument = 1)
  static Tensor divRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return dy.times(y).div(b).neg().sumTo(b.dimensions());
  }

  @Pullback(of = "times")
  static Tensor timesNumber(Tensor a, double factor, Tensor y, Tensor dy) {
    return dy.times(factor);
  }

  @Pullback(of = "times", argument = 1)
  static double timesFactor(Tensor a, double factor, Tensor y, Tensor dy) {
    return dy.times(a).sum().item();
  }

  @Pullback(of = "plus")
  static Tensor plusNumber(Tensor a, double term, Tensor y, Tensor dy) {
    return dy;
  }

  @Pullback(of = "plus", argument = 1)
  static double plusTerm(Tensor a, double term, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "exp")
  static Tensor exp(Tensor x, Tensor y, Tensor dy) {
    return dy.times(y);
  }

  @Pullback(of = "log")
  static Tensor log(Tensor x, Tensor y, Tensor dy) {
    return dy.div(x);
  }

  @Pullback(of = "sqrt")
  static Tensor sqrt(Tensor x, Tensor y, Tensor dy) {
    return dy.times(0.5).div(y);
  }

  @Pullback(of = "tanh")
  static Tensor tanh(Tensor x, Tensor y, Tensor dy) {
    return dy.times(y.square().neg().plus(1.0));
  }

  @Pullback(of = "sigmoid")
  static Tensor sigmoid(Tensor x, Tensor y, Tensor dy) {
    return dy.times(y).times(y.neg().plus(1.0));
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "relu")
  static Tensor relu(Tensor x, Tensor y, Tensor dy) {
    return Kernels.zip("relu", y, dy, (value, d) -> value > 0 ? d : 0);
  }
}

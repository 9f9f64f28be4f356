package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The pullbacks of what works element by element. Where the derivative is diagonal the pushforward
 * is the same.
 */
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

  @Pullback(of = "full")
  static double full(double value, int[] shape, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "full", argument = 1)
  static double fullOfType(DType type, double value, int[] shape, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "uniform", argument = 1)
  static double uniformLow(long seed, double low, double high, int[] shape, Tensor y, Tensor dy) {
    return dy.sum().item() - uniformHigh(seed, low, high, shape, y, dy);
  }

  @Pullback(of = "uniform", argument = 2)
  static double uniformHigh(long seed, double low, double high, int[] shape, Tensor y, Tensor dy) {
    return dy.times(Tensor.uniform(seed, 0, 1, shape)).sum().item();
  }

  @Pullback(of = "normal", argument = 1)
  static double normalMean(
      long seed, double mean, double deviation, int[] shape, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "normal", argument = 2)
  static double normalDeviation(
      long seed, double mean, double deviation, int[] shape, Tensor y, Tensor dy) {
    return dy.times(Tensor.normal(seed, 0, 1, shape)).sum().item();
  }

  @Pullback(of = "cast")
  static Tensor cast(Tensor x, DType type, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, x);
  }

  @Pullback(of = "toFloatArray")
  static Tensor toFloatArray(Tensor x, float[] y, float[] dy) {
    return Elementwise.toward(Tensor.of(dy, x.dimensions()), x);
  }

  @Pullback(of = "toDoubleArray")
  static Tensor toDoubleArray(Tensor x, double[] y, double[] dy) {
    return Elementwise.toward(Tensor.of(dy, x.dimensions()), x);
  }

  @Pullback(of = "fill", argument = 1)
  static double fill(Tensor x, double value, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "item")
  static Tensor item(Tensor x, double y, double dy) {
    return x.dtype().isFloatingPoint() ? x.fill(dy) : x.zero();
  }

  @Pullback(of = "plus")
  static Tensor plusLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, a);
  }

  @Pullback(of = "plus", argument = 1)
  static Tensor plusRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, b);
  }

  @Pullback(of = "minus")
  static Tensor minusLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, a);
  }

  @Pullback(of = "minus", argument = 1)
  static Tensor minusRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.neg(), b);
  }

  @Pullback(of = "times")
  static Tensor timesLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(b), a);
  }

  @Pullback(of = "times", argument = 1)
  static Tensor timesRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(a), b);
  }

  @Pullback(of = "div")
  static Tensor divLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.div(b), a);
  }

  @Pullback(of = "div", argument = 1)
  static Tensor divRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(y).div(b).neg(), b);
  }

  @Pullback(of = "pow")
  static Tensor powLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(b).times(a.pow(b.minus(1.0))), a);
  }

  @Pullback(of = "pow", argument = 1)
  static Tensor powRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(y).times(a.log()), b);
  }

  @Pullback(of = "maximum")
  static Tensor maximumLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(Elementwise.share(a, b)), a);
  }

  @Pullback(of = "maximum", argument = 1)
  static Tensor maximumRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(Elementwise.share(b, a)), b);
  }

  @Pullback(of = "minimum")
  static Tensor minimumLeft(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(Elementwise.share(b, a)), a);
  }

  @Pullback(of = "minimum", argument = 1)
  static Tensor minimumRight(Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(Elementwise.share(a, b)), b);
  }

  @Pullback(of = "plus")
  static Tensor plusNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, a);
  }

  @Pullback(of = "plus", argument = 1)
  static double plusInNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return dy.sum().item();
  }

  @Pullback(of = "minus")
  static Tensor minusNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy, a);
  }

  @Pullback(of = "minus", argument = 1)
  static double minusInNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return -dy.sum().item();
  }

  @Pullback(of = "times")
  static Tensor timesNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.times(b), a);
  }

  @Pullback(of = "times", argument = 1)
  static double timesInNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return dy.times(a).sum().item();
  }

  @Pullback(of = "div")
  static Tensor divNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return Elementwise.toward(dy.div(b), a);
  }

  @Pullback(of = "div", argument = 1)
  static double divInNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return -dy.times(y).sum().item() / b;
  }

  @Pullback(of = "pow")
  @Pushforward(of = "pow")
  static Tensor powNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return a.pow(b - 1).times(dy).times(b);
  }

  @Pullback(of = "pow", argument = 1)
  static double powInNumber(Tensor a, double b, Tensor y, Tensor dy) {
    return dy.times(y).times(a.log()).sum().item();
  }

  @Pullback(of = "clamp")
  @Pushforward(of = "clamp")
  static Tensor clamp(Tensor x, double low, double high, Tensor y, Tensor dy) {
    return dy.times(x.greaterOrEqual(low)).times(x.lessOrEqual(high));
  }

  @Pullback(of = "clamp", argument = 1)
  static double clampLow(Tensor x, double low, double high, Tensor y, Tensor dy) {
    return dy.times(x.less(low)).sum().item();
  }

  @Pullback(of = "clamp", argument = 2)
  static double clampHigh(Tensor x, double low, double high, Tensor y, Tensor dy) {
    return dy.times(x.greater(high)).sum().item();
  }

  @Pullback(of = "neg")
  @Pushforward(of = "neg")
  static Tensor neg(Tensor x, Tensor y, Tensor dy) {
    return dy.neg();
  }

  @Pullback(of = "exp")
  @Pushforward(of = "exp")
  static Tensor exp(Tensor x, Tensor y, Tensor dy) {
    return dy.times(y);
  }

  @Pullback(of = "log")
  @Pushforward(of = "log")
  static Tensor log(Tensor x, Tensor y, Tensor dy) {
    return dy.div(x);
  }

  @Pullback(of = "abs")
  @Pushforward(of = "abs")
  static Tensor abs(Tensor x, Tensor y, Tensor dy) {
    return Slope.ABS.timesStep(x, dy);
  }

  @Pullback(of = "square")
  @Pushforward(of = "square")
  static Tensor square(Tensor x, Tensor y, Tensor dy) {
    return Slope.SQUARE.times(x, dy);
  }

  @Pullback(of = "sqrt")
  @Pushforward(of = "sqrt")
  static Tensor sqrt(Tensor x, Tensor y, Tensor dy) {
    return Slope.SQRT.times(y, dy);
  }

  @Pullback(of = "rsqrt")
  @Pushforward(of = "rsqrt")
  static Tensor rsqrt(Tensor x, Tensor y, Tensor dy) {
    return Slope.RSQRT.times(y, dy);
  }

  @Pullback(of = "expm1")
  @Pushforward(of = "expm1")
  static Tensor expm1(Tensor x, Tensor y, Tensor dy) {
    return Slope.EXPM1.times(y, dy);
  }

  @Pullback(of = "log1p")
  @Pushforward(of = "log1p")
  static Tensor log1p(Tensor x, Tensor y, Tensor dy) {
    return Slope.LOG1P.times(x, dy);
  }

  @Pullback(of = "sin")
  @Pushforward(of = "sin")
  static Tensor sin(Tensor x, Tensor y, Tensor dy) {
    return Slope.SIN.times(x, dy);
  }

  @Pullback(of = "cos")
  @Pushforward(of = "cos")
  static Tensor cos(Tensor x, Tensor y, Tensor dy) {
    return Slope.COS.times(x, dy);
  }

  @Pullback(of = "tan")
  @Pushforward(of = "tan")
  static Tensor tan(Tensor x, Tensor y, Tensor dy) {
    return Slope.TAN.times(y, dy);
  }

  @Pullback(of = "atan")
  @Pushforward(of = "atan")
  static Tensor atan(Tensor x, Tensor y, Tensor dy) {
    return Slope.ATAN.times(x, dy);
  }

  @Pullback(of = "tanh")
  @Pushforward(of = "tanh")
  static Tensor tanh(Tensor x, Tensor y, Tensor dy) {
    return Slope.TANH.times(y, dy);
  }

  @Pullback(of = "sigmoid")
  @Pushforward(of = "sigmoid")
  static Tensor sigmoid(Tensor x, Tensor y, Tensor dy) {
    return Slope.SIGMOID.times(y, dy);
  }

  @Pullback(of = "relu")
  @Pushforward(of = "relu")
  static Tensor relu(Tensor x, Tensor y, Tensor dy) {
    return Slope.RELU.timesStep(y, dy);
  }

  @Pullback(of = "softplus")
  @Pushforward(of = "softplus")
  static Tensor softplus(Tensor x, Tensor y, Tensor dy) {
    return Slope.SOFTPLUS.times(x, dy);
  }

  @Pullback(of = "erf")
  @Pushforward(of = "erf")
  static Tensor erf(Tensor x, Tensor y, Tensor dy) {
    return Slope.ERF.times(x, dy);
  }

  @Pullback(of = "gelu")
  @Pushforward(of = "gelu")
  static Tensor gelu(Tensor x, Tensor y, Tensor dy) {
    return Slope.GELU.times(x, dy);
  }

  @Pullback(of = "where", argument = 1)
  static Tensor whereFirst(Tensor mask, Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(Tensor.where(mask, dy, Tensor.zeros(dy.dtype())), a);
  }

  @Pullback(of = "where", argument = 2)
  static Tensor whereSecond(Tensor mask, Tensor a, Tensor b, Tensor y, Tensor dy) {
    return Elementwise.toward(Tensor.where(mask, Tensor.zeros(dy.dtype()), dy), b);
  }
}

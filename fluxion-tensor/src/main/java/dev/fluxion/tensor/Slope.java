package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The slopes of functions of one number, each given by the function's argument or by its result,
 * whichever is cheaper.
 *
 * <p>The derivative of a function that is applied element by element is diagonal, so cotangents and
 * tangents are multiplied by the same slope, in one loop.
 */
enum Slope {
  ABS(Functions.ABS_BACK),
  SQUARE(Functions.SQUARE_BACK),
  SQRT(Functions.SQRT_BACK),
  RSQRT(Functions.RSQRT_BACK),
  EXPM1(Functions.EXPM1_BACK),
  LOG1P(Functions.LOG1P_BACK),
  SIN(Functions.SIN_BACK),
  COS(Functions.COS_BACK),
  TAN(Functions.TAN_BACK),
  ATAN(Functions.ATAN_BACK),
  TANH(Functions.TANH_BACK),
  SIGMOID(Functions.SIGMOID_BACK),
  RELU(Functions.RELU_BACK),
  SOFTPLUS(Functions.SOFTPLUS_BACK),
  ERF(Functions.ERF_BACK),
  GELU(Functions.GELU_BACK);

  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ONE_OVER_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  @SuppressWarnings("ImmutableEnumChecker") // a function is fixed, though it finds its loops late
  private final transient Binary product;

  Slope(Binary product) {
    this.product = product;
  }

  /** The function of a value and a tangent or cotangent. */
  Binary product() {
    return product;
  }

  /** A tangent or cotangent times the slope at a value. */
  @Primitive(Rules.class)
  Tensor times(Tensor value, Tensor d) {
    return product(value, d);
  }

  /** The same of a slope that is constant where there is one, so that none of its own is added. */
  @Primitive(Rules.class)
  Tensor timesStep(Tensor value, Tensor d) {
    return product(value, d);
  }

  private Tensor product(Tensor value, Tensor d) {
    return value.dtype().isFloatingPoint() ? Elementwise.zip(product, value, d) : value.zero();
  }

  /** The derivative of the slope with respect to the value, again made of operations. */
  Tensor curvature(Tensor v) {
    return switch (this) {
      case ABS, RELU -> v.zero();
      case SQUARE -> v.fill(2);
      case SQRT -> v.fill(-0.5).div(v.square());
      case RSQRT -> v.square().times(-1.5);
      case EXPM1 -> v.fill(1);
      case LOG1P -> v.fill(-1).div(v.plus(1).square());
      case SIN -> v.sin().neg();
      case COS -> v.cos().neg();
      case TAN -> v.times(2);
      case ATAN -> v.times(-2).div(v.square().plus(1).square());
      case TANH -> v.times(-2);
      case SIGMOID -> v.times(-2).plus(1);
      case SOFTPLUS -> v.sigmoid().times(v.neg().sigmoid());
      case ERF -> v.square().neg().exp().times(v).times(-2 * TWO_OVER_ROOT_PI);
      case GELU -> {
        Tensor square = v.square();
        Tensor density = square.times(-0.5).exp().times(ONE_OVER_ROOT_TWO_PI);
        yield square.neg().plus(2).times(density);
      }
    };
  }

  /** The derivatives of a product with a slope, of which both directions are alike too. */
  static final class Rules {
    private Rules() {}

    @Pullback(of = "times", argument = 1)
    @Pushforward(of = "times", argument = 1)
    static Tensor inValue(Slope slope, Tensor value, Tensor d, Tensor product, Tensor t) {
      return t.times(d).times(slope.curvature(value));
    }

    @Pullback(of = "times", argument = 2)
    @Pushforward(of = "times", argument = 2)
    static Tensor inFactor(Slope slope, Tensor value, Tensor d, Tensor product, Tensor t) {
      return slope.times(value, t);
    }

    @Pullback(of = "timesStep", argument = 2)
    @Pushforward(of = "timesStep", argument = 2)
    static Tensor inStepFactor(Slope slope, Tensor value, Tensor d, Tensor product, Tensor t) {
      return slope.timesStep(value, t);
    }
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The derivatives of further functions of elements, which are diagonal: a tangent and a cotangent
 * are multiplied by the same slope, and slopes are made of operations that have derivatives too.
 */
final class FunctionRules {
  private FunctionRules() {}

  @Pullback(of = "asin")
  @Pushforward(of = "asin")
  static Tensor asin(Tensor x, Tensor y, Tensor d) {
    return d.times(x.square().neg().plus(1).rsqrt());
  }

  @Pullback(of = "acos")
  @Pushforward(of = "acos")
  static Tensor acos(Tensor x, Tensor y, Tensor d) {
    return d.times(x.square().neg().plus(1).rsqrt()).neg();
  }

  @Pullback(of = "sinh")
  @Pushforward(of = "sinh")
  static Tensor sinh(Tensor x, Tensor y, Tensor d) {
    return d.times(x.cosh());
  }

  @Pullback(of = "cosh")
  @Pushforward(of = "cosh")
  static Tensor cosh(Tensor x, Tensor y, Tensor d) {
    return d.times(x.sinh());
  }

  @Pullback(of = "asinh")
  @Pushforward(of = "asinh")
  static Tensor asinh(Tensor x, Tensor y, Tensor d) {
    return d.times(x.square().plus(1).rsqrt());
  }

  @Pullback(of = "acosh")
  @Pushforward(of = "acosh")
  static Tensor acosh(Tensor x, Tensor y, Tensor d) {
    return d.times(x.square().minus(1).rsqrt());
  }

  @Pullback(of = "atanh")
  @Pushforward(of = "atanh")
  static Tensor atanh(Tensor x, Tensor y, Tensor d) {
    return d.div(x.square().neg().plus(1));
  }

  @Pullback(of = "exp2")
  @Pushforward(of = "exp2")
  static Tensor exp2(Tensor x, Tensor y, Tensor d) {
    return d.times(y).times(Math.log(2));
  }

  @Pullback(of = "log2")
  @Pushforward(of = "log2")
  static Tensor log2(Tensor x, Tensor y, Tensor d) {
    return d.div(x).times(1 / Math.log(2));
  }

  @Pullback(of = "log10")
  @Pushforward(of = "log10")
  static Tensor log10(Tensor x, Tensor y, Tensor d) {
    return d.div(x).times(1 / Math.log(10));
  }

  @Pullback(of = "reciprocal")
  @Pushforward(of = "reciprocal")
  static Tensor reciprocal(Tensor x, Tensor y, Tensor d) {
    return d.times(y.square()).neg();
  }

  /** What to divide by instead of a square of the distance from the origin, so that 0 stays 0. */
  private static Tensor orOne(Tensor square) {
    return square.plus(square.equalTo(0));
  }

  private static Tensor atan2Slope(Tensor y, Tensor x, Tensor of) {
    return of.div(orOne(x.square().plus(y.square())));
  }

  @Pullback(of = "atan2")
  static Tensor atan2InOrdinate(Tensor y, Tensor x, Tensor angle, Tensor d) {
    return d.times(atan2Slope(y, x, x)).sumTo(y.dimensions());
  }

  @Pullback(of = "atan2", argument = 1)
  static Tensor atan2InAbscissa(Tensor y, Tensor x, Tensor angle, Tensor d) {
    return d.times(atan2Slope(y, x, y)).neg().sumTo(x.dimensions());
  }

  @Pushforward(of = "atan2")
  static Tensor atan2AlongOrdinate(Tensor y, Tensor x, Tensor angle, Tensor d) {
    return d.times(atan2Slope(y, x, x));
  }

  @Pushforward(of = "atan2", argument = 1)
  static Tensor atan2AlongAbscissa(Tensor y, Tensor x, Tensor angle, Tensor d) {
    return d.times(atan2Slope(y, x, y)).neg();
  }

  @Pullback(of = "hypot")
  static Tensor hypotInFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a).div(orOne(y)).sumTo(a.dimensions());
  }

  @Pullback(of = "hypot", argument = 1)
  static Tensor hypotInSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b).div(orOne(y)).sumTo(b.dimensions());
  }

  @Pushforward(of = "hypot")
  static Tensor hypotAlongFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a).div(orOne(y));
  }

  @Pushforward(of = "hypot", argument = 1)
  static Tensor hypotAlongSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b).div(orOne(y));
  }

  @Pullback(of = "remainder")
  static Tensor remainderInFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.sumTo(a.dimensions());
  }

  @Pullback(of = "remainder", argument = 1)
  static Tensor remainderInSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a.div(b).floor()).neg().sumTo(b.dimensions());
  }

  @Pushforward(of = "remainder")
  static Tensor remainderAlongFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.broadcastTo(y.dimensions());
  }

  @Pushforward(of = "remainder", argument = 1)
  static Tensor remainderAlongSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a.div(b).floor()).neg();
  }

  @Pullback(of = "logAddExp")
  static Tensor logAddExpInFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a.minus(b).sigmoid()).sumTo(a.dimensions());
  }

  @Pullback(of = "logAddExp", argument = 1)
  static Tensor logAddExpInSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b.minus(a).sigmoid()).sumTo(b.dimensions());
  }

  @Pushforward(of = "logAddExp")
  static Tensor logAddExpAlongFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(a.minus(b).sigmoid());
  }

  @Pushforward(of = "logAddExp", argument = 1)
  static Tensor logAddExpAlongSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b.minus(a).sigmoid());
  }

  @Pullback(of = "xlogy")
  static Tensor xlogyInFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b.log()).sumTo(a.dimensions());
  }

  @Pullback(of = "xlogy", argument = 1)
  static Tensor xlogyInSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(ratio(a, b)).sumTo(b.dimensions());
  }

  @Pushforward(of = "xlogy")
  static Tensor xlogyAlongFirst(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(b.log());
  }

  @Pushforward(of = "xlogy", argument = 1)
  static Tensor xlogyAlongSecond(Tensor a, Tensor b, Tensor y, Tensor d) {
    return d.times(ratio(a, b));
  }

  /** 0 where the dividend is 0, whatever the divisor. */
  private static Tensor ratio(Tensor a, Tensor b) {
    return a.div(b.plus(a.equalTo(0).times(b.equalTo(0))));
  }
}

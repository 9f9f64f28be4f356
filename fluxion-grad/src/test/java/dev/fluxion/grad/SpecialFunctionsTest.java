package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.hipparchus.special.BesselJ;
import org.hipparchus.special.Beta;
import org.hipparchus.special.Erf;
import org.hipparchus.special.Gamma;
import org.hipparchus.special.elliptic.legendre.LegendreEllipticIntegral;
import org.hipparchus.util.FastMath;
import org.hipparchus.util.SinCos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A library's own elementary and special functions, which work with the bits of numbers. */
class SpecialFunctionsTest {
  private static Arguments at(String name, double x, Scalar1 f) {
    return Arguments.of(name, x, f);
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        at("exp", 1.3, x -> FastMath.exp(x)),
        at("expm1", -0.4, x -> FastMath.expm1(x)),
        at("log", 2.7, x -> FastMath.log(x)),
        at("log1p", 0.3, x -> FastMath.log1p(x)),
        at("log10", 40, x -> FastMath.log10(x)),
        at("log to base 3", 40, x -> FastMath.log(3, x)),
        at("pow of int", -1.7, x -> FastMath.pow(x, 5)),
        at("pow of long", 1.7, x -> FastMath.pow(x, -3L)),
        at("pow", 1.7, x -> FastMath.pow(x, x)),
        at("sin", 9, x -> FastMath.sin(x)),
        at("cos", -4, x -> FastMath.cos(x)),
        at("tan", 0.8, x -> FastMath.tan(x)),
        at("asin", 0.4, x -> FastMath.asin(x)),
        at("acos", -0.6, x -> FastMath.acos(x)),
        at("atan", 3, x -> FastMath.atan(x)),
        at("atan2", 0.7, x -> FastMath.atan2(x, -2 * x * x)),
        at("sinh", 0.7, x -> FastMath.sinh(x)),
        at("cosh", -1.7, x -> FastMath.cosh(x)),
        at("tanh", 0.2, x -> FastMath.tanh(x)),
        at("asinh", 0.05, x -> FastMath.asinh(x)),
        at("asinh of a large number", 15, x -> FastMath.asinh(x)),
        at("acosh", 1.5, x -> FastMath.acosh(x)),
        at("atanh", 0.3, x -> FastMath.atanh(x)),
        at("cbrt", 5, x -> FastMath.cbrt(x)),
        at("hypot", 3, x -> FastMath.hypot(x, 4)),
        at("abs", -3, x -> FastMath.abs(x)),
        at("copySign", 3, x -> FastMath.copySign(x * x, -1)),
        at("scalb", 3, x -> FastMath.scalb(x, -2)),
        at("sinCos", 0.6, SpecialFunctionsTest::sinCos),
        at("erf", 0.7, x -> Erf.erf(x)),
        at("erfInv", 0.3, x -> Erf.erfInv(x)),
        at("logGamma", 3.3, x -> Gamma.logGamma(x)),
        at("gamma", 2.3, x -> Gamma.gamma(x)),
        at("digamma", 2.3, x -> Gamma.digamma(x)),
        at("regularizedGammaP", 2.3, x -> Gamma.regularizedGammaP(1.5, x)),
        at("regularizedBeta", 0.3, x -> Beta.regularizedBeta(x, 2, 3)),
        at("logBeta", 2.2, x -> Beta.logBeta(x, 3)),
        at("BesselJ", 2.5, x -> BesselJ.value(1, x)),
        at("elliptic K", 0.4, x -> LegendreEllipticIntegral.bigK(x)));
  }

  static double sinCos(double x) {
    SinCos both = FastMath.sinCos(x);
    return both.sin() * 3 + both.cos();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void theDerivativeIsThatOfDifferences(String name, double x, Scalar1 f) {
    double h = 1e-3;
    double near = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
    double far = (f.apply(x + 2 * h) - f.apply(x - 2 * h)) / (4 * h);
    double expected = (4 * near - far) / 3; // of order 4
    double tolerance = 1e-9 * Math.max(1, Math.abs(expected));
    assertEquals(expected, Grad.gradient(f, x), tolerance, name);
    assertEquals(expected, Grad.derivative(f, x), tolerance, name);
  }

  /** Twice the number, by its exponent. */
  static double doubled(double x) {
    long bits = Double.doubleToRawLongBits(x);
    for (int i = 0; i < 1; i++) {
      bits += 1L << 52;
    }
    return Double.longBitsToDouble(bits);
  }

  @Test
  void aNewExponentIsRefused() {
    String message =
        assertThrows(GradientException.class, () -> Grad.gradient((double x) -> doubled(x), 2))
            .getMessage();
    assertTrue(
        message.startsWith("cannot differentiate the call of Double.longBitsToDouble at "),
        message);
    assertTrue(message.contains("SpecialFunctionsTest.java:"), message);
    assertThrows(GradientException.class, () -> Grad.derivative(x -> doubled(x), 2));
  }

  /** The number in two parts with few digits each, as for exact products. */
  static double split(double x) {
    double high = Double.longBitsToDouble(Double.doubleToRawLongBits(x) & (-1L << 27));
    double low = x - high;
    return high * high + (2 * high * low + low * low);
  }

  @Test
  void aPartWithFewerDigitsIsAStepFunction() {
    assertEquals(2 * Math.PI, Grad.gradient((double x) -> split(x), Math.PI), 1e-15);
  }

  static double powerOfTwoBelow(double x) {
    return x / Double.longBitsToDouble((long) (Math.getExponent(x) + 1023) << 52);
  }

  @Test
  void anExponentByItselfIsAStepFunction() {
    assertEquals(0.25, Grad.gradient((double x) -> powerOfTwoBelow(x), 5.5), 0);
  }
}

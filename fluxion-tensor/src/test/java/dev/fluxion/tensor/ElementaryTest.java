package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The elementary functions of floats and doubles against those of the platform. */
class ElementaryTest {
  private static final int SAMPLES = 60_000;

  private static final double[] SPECIAL = {
    0,
    -0.0,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    1,
    -1,
    2,
    0.5,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Double.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    88.72283,
    88.72284,
    -87.4,
    -103.97,
    -103.98,
    709.78,
    709.79,
    -745.13,
    -745.14,
    0x1p-24,
    -0x1p-25,
    0x1p-53,
    -0x1p-54,
    Math.nextUp(-1f),
    Math.nextUp(-1.0),
    Math.nextDown(-1f),
    0x1p16,
    65537,
    0x1p24,
    1e20
  };

  /**
   * A function.
   *
   * @param floats how many units in the last place it may be off in float32
   * @param doubles the same in float64, beside what the platform's is off
   * @param from where most arguments are
   * @param to up to here
   */
  private record Case(
      String name,
      Unary function,
      DoubleUnaryOperator exact,
      double floats,
      double doubles,
      double from,
      double to) {}

  private static List<Case> cases() {
    return List.of(
        new Case("exp", Functions.EXP, StrictMath::exp, 1.1, 1, -104, 89),
        new Case("exp of doubles", Functions.EXP, StrictMath::exp, 1.1, 1, -746, 710),
        new Case("expm1", Functions.EXPM1, StrictMath::expm1, 1.5, 1, -2, 2),
        new Case("log", Functions.LOG, StrictMath::log, 1, 1, 0.1, 4),
        new Case("log1p", Functions.LOG1P, StrictMath::log1p, 1.6, 1, -1, 3),
        new Case("tanh", Functions.TANH, StrictMath::tanh, 1.5, 2, -2, 2),
        new Case("sin", Functions.SIN, StrictMath::sin, 1.6, 1, -7, 7),
        new Case("sin of more", Functions.SIN, StrictMath::sin, 1.6, 1, -60_000, 60_000),
        new Case("cos", Functions.COS, StrictMath::cos, 1.6, 1, -7, 7),
        new Case("cos of more", Functions.COS, StrictMath::cos, 1.6, 1, -60_000, 60_000),
        new Case("sigmoid", Functions.SIGMOID, ElementaryTest::sigmoid, 2.5, 2, -20, 20),
        new Case("softplus", Functions.SOFTPLUS, ElementaryTest::softplus, 2, 2, -20, 20),
        new Case("erf", Functions.ERF, Functions::erf, 1.2, 0, -4, 4));
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  @TestFactory
  List<DynamicTest> areAccurate() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one : cases()) {
      tests.add(dynamicTest(one.name, () -> check(one)));
    }
    return tests;
  }

  private static void check(Case one) {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < SPECIAL.length + SAMPLES; i++) {
      double x =
          i < SPECIAL.length
              ? SPECIAL[i]
              : switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> Float.intBitsToFloat(random.nextInt());
                default -> random.nextDouble(one.from, one.to);
              };
      double value = one.function.doubles().applyAsDouble(x);
      double exact = one.exact.applyAsDouble(x);
      close(one.name + " at " + x, exact, value, one.doubles * Math.ulp(exact));
      float narrow = (float) x;
      double ofNarrow = one.exact.applyAsDouble(narrow);
      float rounded = (float) ofNarrow;
      float inFloats = one.function.floats().apply(narrow);
      if (Float.isFinite(rounded) && Float.isFinite(inFloats) && rounded != 0) {
        assertTrue(
            Math.abs(inFloats - ofNarrow) <= one.floats * Math.ulp(rounded),
            () -> one.name + " at " + narrow + ": " + inFloats + " for " + ofNarrow);
        assertEquals(Math.signum(rounded), Math.signum(inFloats));
      } else {
        assertEquals(rounded, inFloats, one.name + " at " + narrow);
      }
    }
  }

  private static void close(String what, double exact, double value, double most) {
    if (Double.isFinite(exact) && exact != 0) {
      assertEquals(exact, value, most, what);
    } else {
      assertEquals(exact, value, what);
    }
  }

  @TestFactory
  List<DynamicTest> gaussianUnitsAreAccurateInBothTails() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Unary f : new Unary[] {Functions.GELU}) {
      tests.add(
          dynamicTest(
              f.name(),
              () -> {
                for (float x = -12; x < 12; x += 0.01f) {
                  double exact = f.doubles().applyAsDouble(x);
                  assertEquals(exact, f.floats().apply(x), 1e-6 * Math.abs(exact));
                }
              }));
    }
    for (Binary f : new Binary[] {Functions.GELU_BACK, Functions.ERF_BACK}) {
      tests.add(
          dynamicTest(
              f.name() + " backward",
              () -> {
                for (float x = -12; x < 12; x += 0.01f) {
                  double exact = f.doubles().applyAsDouble(x, 1);
                  assertEquals(exact, f.floats().apply(x, 1), 1e-6);
                }
              }));
    }
    return tests;
  }
}

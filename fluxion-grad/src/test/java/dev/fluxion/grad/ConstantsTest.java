package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * An object of a static field that never changes is a constant, in code too that becomes known only
 * when it is called.
 */
@SuppressWarnings("ReferenceEquality") // code as users write it
class ConstantsTest {
  /** A function among the arguments: its code is found when it is called. */
  record Applied(Scalar1 f, double x) {}

  record Complex(double re, double im) {
    static final Complex ZERO = new Complex(0, 0);
    static final Complex ONE = new Complex(1, 0.5);

    Complex plus(Complex z) {
      return z == ZERO ? this : new Complex(re + z.re, im + z.im);
    }

    Complex times(Complex z) {
      return z.re > 30 ? ONE : new Complex(re * z.re - im * z.im, re * z.im + im * z.re);
    }
  }

  record Segment(Complex from, Complex to) {
    static final Segment UNIT = new Segment(Complex.ZERO, Complex.ONE);
  }

  static double oneOrTheOther(double x) {
    Complex z = x > 3 ? Complex.ONE : new Complex(x, x * x);
    return z.re * z.im * x;
  }

  static double accumulated(double x) {
    Complex sum = Complex.ZERO;
    Complex product = Complex.ONE;
    for (int i = 1; i < 4; i++) {
      sum = sum.plus(new Complex(x, i * x)).plus(Complex.ONE).plus(Complex.ZERO);
      product = product.times(sum);
    }
    return product.re * sum.im;
  }

  static double nested(double x) {
    Segment s = x > 3 ? Segment.UNIT : new Segment(new Complex(x, x), Complex.ONE);
    Complex end = x < 10 ? s.to : s.from;
    return end.im * x * s.from.re + s.to.re * x;
  }

  static double inAList(double x) {
    List<Complex> all = new ArrayList<>(List.of(Complex.ONE, new Complex(x, 2)));
    all.add(all.get(0).times(all.get(1)));
    double s = 0;
    for (Complex z : all) {
      s += z.re * z.im;
    }
    return s;
  }

  /** Whose class chooses what is done. */
  interface Ranked {
    double rank();

    default Ranked larger(Ranked other) {
      return rank() >= other.rank() ? this : other;
    }
  }

  record Score(double rank) implements Ranked {}

  private static final Ranked LEAST = new Score(3);

  static double receiver(double x) {
    Ranked score = LEAST.larger(new Score(x));
    return score.rank() * x + LEAST.rank();
  }

  static double argument(double x) {
    return new Score(x).larger(LEAST).rank() * x;
  }

  private static final Scalar1 TIMES = times(7);

  private static Scalar1 times(double factor) {
    return x -> factor * x;
  }

  static double lambda(double x) {
    Scalar1 f = x > 3 ? TIMES : y -> y * x;
    return f.apply(x);
  }

  record Case(String name, Scalar1 f) {}

  @TestFactory
  List<DynamicTest> haveNoDerivative() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("oneOrTheOther", ConstantsTest::oneOrTheOther),
            new Case("accumulated", ConstantsTest::accumulated),
            new Case("nested", ConstantsTest::nested),
            new Case("inAList", ConstantsTest::inAList),
            new Case("receiver", ConstantsTest::receiver),
            new Case("argument", ConstantsTest::argument),
            new Case("lambda", ConstantsTest::lambda))) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one.f())));
    }
    return tests;
  }

  private static void check(Scalar1 f) {
    Fn1<Applied, Double> late = one -> one.f().apply(one.x());
    for (double x : new double[] {1.3, 4.1, 1.3}) {
      double h = 1e-6;
      double expected = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
      double tolerance = 1e-6 * Math.max(1, Math.abs(expected));
      assertEquals(expected, Grad.gradient(f, x), tolerance);
      assertEquals(expected, Grad.derivative(f, x), tolerance);
      Applied at = new Applied(f, x);
      Applied direction = new Applied(f, 1);
      assertEquals(expected, Grad.gradient(late, at).x(), tolerance);
      assertEquals(expected, Grad.jvp(late, at, direction).tangent(), tolerance);
      double second = (Grad.gradient(f, x + h) - Grad.gradient(f, x - h)) / (2 * h);
      tolerance = 1e-5 * Math.max(1, Math.abs(second));
      assertEquals(second, Grad.hessian(a -> f.apply(a[0]), new double[] {x})[0][0], tolerance);
      assertEquals(second, Grad.hessianVectorProduct(late, at, direction).x(), tolerance);
    }
  }

  /** Where the constant is an argument, too, it has a derivative there and only there. */
  @Test
  void anArgumentThatIsAConstantToo() {
    Fn1<Complex, Double> f =
        z -> {
          Complex one = z.im > 3 ? z : Complex.ONE;
          return one.re * z.re * 10 + one.times(z).im;
        };
    Complex gradient = Grad.gradient(f, Complex.ONE);
    assertEquals(10 + 0.5, gradient.re);
    assertEquals(1, gradient.im);
    assertEquals(10.5, Grad.jvp(f, Complex.ONE, new Complex(1, 0)).tangent());
  }

  private static final class Cell {
    static final Cell SHARED = new Cell(0);
    private double value;

    Cell(double value) {
      this.value = value;
    }
  }

  static double changed(double x) {
    Cell cell = x > 3 ? Cell.SHARED : new Cell(x);
    cell.value = cell.value * x + 1;
    return Cell.SHARED.value * cell.value;
  }

  private static final double[] TABLE = {1, 2};

  static double written(double x) {
    double[] numbers = x > 3 ? TABLE : new double[] {x, x};
    numbers[0] = x * x;
    return numbers[0] * TABLE[0];
  }

  /** What changes is none: other code may read what has been put there. */
  @Test
  void whatChangesIsRefused() {
    for (Scalar1 f : List.<Scalar1>of(ConstantsTest::changed, ConstantsTest::written)) {
      GradientException e =
          assertThrows(
              GradientException.class,
              () -> Grad.gradient(one -> one.f().apply(one.x()), new Applied(f, 2)));
      assertTrue(e.getMessage().contains("in the static field"), e.getMessage());
    }
  }
}

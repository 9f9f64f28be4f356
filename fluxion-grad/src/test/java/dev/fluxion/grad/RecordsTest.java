package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Small objects that nothing but the code sees are the values of their fields. */
@SuppressWarnings({"NullAway", "ReferenceEquality"}) // code as users write it
class RecordsTest {
  record Complex(double re, double im) {
    static final Complex ZERO = new Complex(0, 0);

    static Complex of(double re) {
      return new Complex(re, 0);
    }

    Complex plus(Complex z) {
      return new Complex(re + z.re, im + z.im);
    }

    Complex times(Complex z) {
      return new Complex(re * z.re - im * z.im, re * z.im + im * z.re);
    }

    double norm() {
      return re * re + im * im;
    }
  }

  static double power(double x) {
    Complex z = new Complex(x, 0.5);
    Complex product = Complex.of(1);
    for (int i = 0; i < 5; i++) {
      product = product.times(z).plus(product);
    }
    return product.norm();
  }

  static double fromAConstant(double x) {
    Complex sum = Complex.ZERO;
    for (int i = 0; i < 4; i++) {
      sum = sum.plus(new Complex(x * i, x * x));
    }
    return sum.norm();
  }

  static double nestedLoops(double x) {
    Complex a = new Complex(x, 1);
    Complex b = new Complex(1, x);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j <= i; j++) {
        Complex old = a;
        a = b.times(new Complex(0.5, 0.1 * j));
        b = old;
        if (a.norm() > 10) {
          break;
        }
      }
      a = a.plus(b);
    }
    return a.re() * b.im() + b.re();
  }

  record Range(double low, double high) {
    Range {
      if (low > high) {
        double swapped = low;
        low = high;
        high = swapped;
      }
      if (Double.isNaN(low)) {
        throw new IllegalArgumentException("no number");
      }
    }

    Range with(double x) {
      return new Range(Math.min(low, x), Math.max(high, x));
    }
  }

  static double checkedByItsConstructor(double x) {
    Range range = new Range(x, x - 1);
    for (int i = 0; i < 4; i++) {
      range = range.with(x * Math.sin(i * x));
    }
    return (range.high - range.low) * range.high;
  }

  static double refused(double x) {
    double zero = 0 * x;
    Range range = new Range(x / zero, x);
    return range.low;
  }

  private static final class Accumulator {
    private final double scale;
    private double sum;
    private int count;

    Accumulator(double scale) {
      this.scale = scale;
      sum = 1;
    }

    void add(double x) {
      sum += x * scale;
      count++;
    }

    double mean() {
      return sum / count;
    }
  }

  static double mutable(double x) {
    Accumulator all = new Accumulator(x);
    for (int i = 0; i < 6; i++) {
      Accumulator some = new Accumulator(i);
      some.add(x * i);
      some.add(all.sum);
      if (some.mean() > 3) {
        all.add(some.mean());
      } else {
        all.add(x * x);
      }
    }
    return all.mean();
  }

  static double sometimesNull(double x) {
    Complex best = null;
    for (int i = 0; i < 5; i++) {
      Complex z = new Complex(x, x * i);
      if (best == null || z.norm() > best.norm()) {
        best = z;
      }
    }
    return best.im * x;
  }

  static double compared(double x) {
    Complex a = new Complex(x, 1);
    Complex b = new Complex(x, 1);
    Complex c = x > 1 ? a : b;
    Object o = a;
    double r = c == a ? c.re * 2 : c.im * x;
    return o instanceof Complex z && a != b ? r * z.re : -1;
  }

  static double guarded(double x) {
    Complex z = new Complex(x, 2 * x);
    try {
      z = z.times(z);
      if (x > 1) {
        throw new IllegalStateException();
      }
      z = z.times(new Complex(x, 0));
    } catch (IllegalStateException e) {
      z = z.plus(z);
    }
    return z.im;
  }

  static double locked(double x) {
    Accumulator own = new Accumulator(x);
    synchronized (own) {
      own.add(x);
    }
    return own.mean() * x;
  }

  record Segment(Complex from, Complex to) {
    Segment turned() {
      return new Segment(to, from.times(to));
    }
  }

  static double nested(double x) {
    Segment s = new Segment(new Complex(x, 1), new Complex(0.5, x));
    for (int i = 0; i < 3; i++) {
      s = s.turned();
    }
    return s.from.re + s.to.im;
  }

  static double inAnArray(double x) {
    Complex[] all = new Complex[3];
    for (int i = 0; i < 3; i++) {
      all[i] = new Complex(x, i).times(new Complex(i, x));
    }
    return all[0].norm() + all[2].times(all[1]).re;
  }

  record Case(String name, Scalar1 f) {}

  @TestFactory
  List<DynamicTest> haveTheDerivativesOfTheirFields() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("power", RecordsTest::power),
            new Case("fromAConstant", RecordsTest::fromAConstant),
            new Case("nestedLoops", RecordsTest::nestedLoops),
            new Case("checkedByItsConstructor", RecordsTest::checkedByItsConstructor),
            new Case("mutable", RecordsTest::mutable),
            new Case("sometimesNull", RecordsTest::sometimesNull),
            new Case("compared", RecordsTest::compared),
            new Case("guarded", RecordsTest::guarded),
            new Case("locked", RecordsTest::locked),
            new Case("nested", RecordsTest::nested),
            new Case("inAnArray", RecordsTest::inAnArray))) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one.f())));
    }
    return tests;
  }

  private static void check(Scalar1 f) {
    for (double x : new double[] {0.7, 1.3}) {
      double h = 1e-6;
      double expected = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
      double tolerance = 1e-6 * Math.max(1, Math.abs(expected));
      assertEquals(f.apply(x), Grad.valueAndGradient(a -> f.apply(a[0]), new double[] {x}).value());
      assertEquals(expected, Grad.gradient(f, x), tolerance);
      assertEquals(expected, Grad.derivative(f, x), tolerance);
      double second = (Grad.gradient(f, x + h) - Grad.gradient(f, x - h)) / (2 * h);
      tolerance = 1e-5 * Math.max(1, Math.abs(second));
      assertEquals(second, Grad.hessian(a -> f.apply(a[0]), new double[] {x})[0][0], tolerance);
    }
  }

  @Test
  void areNotMadeInALoop() {
    String text = Fluxion.explain((Scalar1) RecordsTest::power).toString();
    assertFalse(text.contains("hadow"), text);
    assertFalse(text.contains("new RecordsTest.Complex"), text);
  }

  @Test
  void whatTheConstructorThrowsIsThrown() {
    Throwable plain = assertThrows(IllegalArgumentException.class, () -> refused(0));
    Throwable derived =
        assertThrows(IllegalArgumentException.class, () -> Grad.gradient(RecordsTest::refused, 0));
    assertEquals(plain.getMessage(), derived.getMessage());
    assertNull(derived.getCause());
  }

  private static final List<String> EVENTS = new ArrayList<>();

  /** Whose initialisation can be noticed. */
  private record Loud(double x) {
    static final int READY = ready();

    private static int ready() {
      EVENTS.add("initialised");
      return 1;
    }
  }

  static double loud(double x) {
    EVENTS.add("before");
    Loud one = new Loud(x);
    EVENTS.add("after");
    return one.x * one.x;
  }

  @Test
  void theirClassesAreInitialisedWhenTheyWouldBe() {
    assertEquals(6, Grad.gradient(RecordsTest::loud, 3.0));
    assertEquals(List.of("before", "initialised", "after"), EVENTS);
    assertEquals(1, Loud.READY);
  }
}

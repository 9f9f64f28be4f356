package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Forward mode agrees with finite differences and with reverse mode. */
class ForwardModeTest {
  private static final double[] POINTS = {0.7, 1.3, 2.1};

  private final List<DynamicTest> tests = new ArrayList<>();

  record Point(double x, double y) {}

  record Line(Point from, Point to, String name, float width, Double weight, double[] knots) {}

  interface Shape {
    double area();
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side;
    }
  }

  record Disc(double radius) implements Shape {
    @Override
    public double area() {
      return Math.PI * radius * radius;
    }
  }

  static final class Account {
    double balance;
    Account other;

    Account(double balance) {
      this.balance = balance;
    }

    void transfer(double amount) {
      balance -= amount;
      other.balance += amount * balance;
    }
  }

  static double accounts(double x) {
    Account a = new Account(x);
    a.other = a;
    Account b = new Account(2);
    b.other = a;
    a.transfer(x * x);
    b.transfer(x);
    a.other = b;
    a.transfer(3);
    return a.balance * b.balance;
  }

  static double fibonacci(double x, int n) {
    return n < 2 ? x : fibonacci(x, n - 1) * 0.5 + fibonacci(x, n - 2) * x;
  }

  static double switched(double x) {
    double s = 0;
    for (int i = 0; i < 6; i++) {
      s +=
          switch (i) {
            case 0, 3 -> x * i;
            case 1 -> Math.exp(-x);
            case 4 -> s * x;
            default -> 1;
          };
    }
    return s;
  }

  static double inObjects(double x) {
    Object[] things = {x * x, new Point(x, 2 * x), "text", new double[] {x}};
    double first = (Double) things[0];
    Point second = (Point) things[1];
    things[0] = 3.0;
    return first * second.y() + (Double) things[0] * ((double[]) things[3])[0];
  }

  static Object asObject(double x) {
    return x > 1 ? (Object) (x * x) : (Object) new Point(x, x * x);
  }

  static double fromObject(double x) {
    Object o = asObject(x);
    return o instanceof Point p ? p.y() * 3 : (Double) o;
  }

  static double ragged(double x) {
    double[][] rows = {{x}, {x, x * x}, new double[3]};
    rows[2] = rows[1];
    rows[2][0] = x * rows[0][0];
    return rows[1][0] + rows[2][1] * rows[1][1];
  }

  static double overwritten(double x) {
    double[] a = {x, x};
    a[0] = 5;
    a[1] *= a[0];
    float[] f = {(float) x};
    f[0] = 1;
    return a[0] * a[1] * f[0];
  }

  private void check(String name, Scalar1 f) {
    for (double x : POINTS) {
      tests.add(
          DynamicTest.dynamicTest(
              name + " at " + x,
              () -> {
                double h = 1e-6;
                double slope = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
                double forward = Grad.derivative(f, x);
                assertEquals(slope, forward, 2e-5 * Math.max(1, Math.abs(slope)));
                assertEquals(
                    Grad.gradient(f, x), forward, 1e-12 * Math.max(1, Math.abs(slope)));
              }));
    }
  }

  @TestFactory
  List<DynamicTest> agreesWithFiniteDifferencesAndReverseMode() {
    check("identity", x -> x);
    check("constant", x -> 3);
    check("quotient", x -> (x * x + 1) / (x - 5) + 1 / x);
    check("remainder", x -> (x * 7.3) % (x + 0.9) + 5 % x);
    check("negation", x -> -(-x * 3) - x - (2 - x));
    check("conversion", x -> (double) (int) x * x + (long) x);
    check("trigonometry", x -> Math.sin(x) * Math.cos(x) + Math.tan(x / 2) - Math.atan(x));
    check("inverses", x -> Math.asin(x / 3) * Math.acos(x / 3) + Math.atan2(x, 2 * x * x));
    check("hyperbolic", x -> Math.sinh(x) + Math.cosh(x) * Math.tanh(x));
    check("exponentials", x -> Math.exp(x) + Math.expm1(x) + Math.log(x) * Math.log1p(x));
    check("roots", x -> Math.sqrt(x) * Math.cbrt(x) + Math.hypot(x, 3) + Math.log10(x));
    check("powers", x -> Math.pow(x, 2.5) + Math.pow(2, x) + Math.pow(x, x));
    check("pieces", x -> Math.abs(x - 1) * Math.max(x, 1) * Math.min(2, x) + Math.floor(x) * x);
    check("fma", x -> Math.fma(x, x, x) + Math.clamp(x, 1.0, 2.0));
    check("ternary", x -> x > 1 ? x * x : Math.sin(x));
    check("power", GradientTest::power);
    check("recursive", x -> GradientTest.recursive(x, 6));
    check("fibonacci", x -> fibonacci(x, 6));
    check("mutual", x -> GradientTest.even(x, 5));
    check("newton", GradientTest::newton);
    check("nested", GradientTest::nested);
    check("labelled", GradientTest::labelled);
    check("early", GradientTest::early);
    check("swap", GradientTest::swap);
    check("choices", GradientTest::choices);
    check("switched", ForwardModeTest::switched);
    check("doWhile", GradientTest::doWhile);
    check("passiveLoop", GradientTest::passiveLoop);
    check("array", GradientTest::array);
    check("overwrite", GradientTest::overwrite);
    check("overwritten", ForwardModeTest::overwritten);
    check("matrix", GradientTest::matrix);
    check("ragged", ForwardModeTest::ragged);
    check("copies", GradientTest::copies);
    check("records", GradientTest::records);
    check("mutableObject", GradientTest::mutableObject);
    check("aliased", GradientTest::aliased);
    check("accounts", ForwardModeTest::accounts);
    check("boxes", GradientTest::boxes);
    check("inObjects", ForwardModeTest::inObjects);
    check("fromObject", ForwardModeTest::fromObject);
    check("readsInherited", GradientTest::readsInherited);
    check("chosenByClass", GradientTest::chosenByClass);
    return tests;
  }
}

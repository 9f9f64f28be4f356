package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fluxion.grad.language.Planar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record beside the class that uses it, not in it. */
record Neighbour(double x, double y) {
  Neighbour times(Neighbour other) {
    return new Neighbour(x * other.x - y * other.y, x * other.y() + y * other.x());
  }
}

/** Short methods of other classes become part of the code that calls them, if it reaches so far. */
class NeighboursTest {
  static double stored(double[] v) {
    Neighbour[] all = {new Neighbour(v[0], v[1]), new Neighbour(v[1], v[0] * v[1])};
    double s = 0;
    for (int round = 0; round < 3; round++) {
      for (Neighbour one : all) {
        s += one.x() * one.y() * one.y();
      }
    }
    return s;
  }

  static double made(double[] v) {
    Neighbour z = new Neighbour(v[0], v[1]);
    for (int i = 0; i < 2; i++) {
      z = z.times(new Neighbour(v[0], v[1]));
    }
    return z.x(); // the real part of (v0 + v1 i)³
  }

  static double fromElsewhere(double[] v) {
    Planar p = new Planar(v[0], 1).plus(new Planar(v[1], v[1]));
    return p.x() * p.y() + p.x();
  }

  static double byAPrivateMethod(double[] v) {
    return new Planar(v[0], v[1]).norm();
  }

  private static void check(Fn1<double[], Double> f, double... slopes) {
    double[] at = {0.6, -0.8};
    assertArrayEquals(slopes, Grad.gradient(f, at), 1e-12);
    assertArrayEquals(slopes, InterpretedGradient.of(f, at).gradient(), 1e-12);
    for (int i = 0; i < 2; i++) {
      double[] direction = {1 - i, i};
      assertEquals(slopes[i], Grad.jvp(f, at, direction).tangent(), 1e-12);
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += 1e-6;
      down[i] -= 1e-6;
      double[] above = Grad.gradient(f, up);
      double[] below = Grad.gradient(f, down);
      double[][] hessian = Grad.hessian(f, at);
      for (int k = 0; k < 2; k++) {
        assertEquals((above[k] - below[k]) / 2e-6, hessian[i][k], 1e-6);
      }
    }
  }

  private static List<String> callees(Fn1<double[], Double> f) {
    return Fluxion.explain(f).methods().getFirst().callees().stream()
        .map(Explanation.Callee::name)
        .toList();
  }

  @Test
  void accessorsOfStoredRecords() {
    double x = 0.6;
    double y = -0.8;
    check(
        NeighboursTest::stored,
        3 * (y * y + 2 * x * y * y * y),
        3 * (2 * x * y + 3 * x * x * y * y));
    assertEquals(
        List.of(),
        callees(NeighboursTest::stored).stream().filter(name -> !name.contains("new")).toList());
  }

  @Test
  void recordsThatNothingElseSees() {
    double x = 0.6;
    double y = -0.8;
    check(NeighboursTest::made, 3 * (x * x - y * y), -6 * x * y);
    assertEquals(List.of(), callees(NeighboursTest::made));
  }

  @Test
  void recordsOfAnotherPackage() {
    double x = 0.6;
    double y = -0.8;
    check(NeighboursTest::fromElsewhere, y + 2, x + 2 * y + 2);
    assertEquals(List.of(), callees(NeighboursTest::fromElsewhere));
    double[] infinite = {Double.POSITIVE_INFINITY, 0};
    assertThrows(
        IllegalArgumentException.class,
        () -> Grad.gradient(NeighboursTest::fromElsewhere, infinite));
  }

  @Test
  void whatIsOutOfReachIsCalled() {
    check(NeighboursTest::byAPrivateMethod, 0.6, -0.8);
    assertEquals(List.of("Planar.norm"), callees(NeighboursTest::byAPrivateMethod));
  }
}

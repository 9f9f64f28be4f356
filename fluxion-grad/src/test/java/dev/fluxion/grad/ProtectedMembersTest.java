package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.library.Amount;
import dev.fluxion.grad.library.Template;
import dev.fluxion.grad.library.Whole;
import org.junit.jupiter.api.Test;

/** Code reaches what it may reach though its derivative stands in a class that is no subclass. */
class ProtectedMembersTest {
  /** Reads and writes fields and calls methods that are protected in another package. */
  private static final class Cubic extends Template {
    private int seen;

    Cubic(double factor) {
      super(factor);
    }

    @Override
    protected double value(double x) {
      int before = calls;
      count();
      countOnce();
      calls += 3;
      seen = calls - before;
      sum = 0;
      for (int i = 0; i < 3; i++) {
        add(x * i);
      }
      factor = sum * factor; // 3 x factor²
      return factor * x;
    }
  }

  @Test
  void protectedMembersOfAnotherPackage() {
    Cubic[] made = new Cubic[1];
    Scalar2 f =
        (x, y) -> {
          Cubic cubic = new Cubic(y);
          made[0] = cubic;
          return cubic.twice(x);
        };
    Pair<Double, Double> gradient = Grad.gradient(f, 2, 5); // of 6 x² y²
    assertEquals(12 * 2 * 25, gradient.first(), 1e-12);
    assertEquals(12 * 4 * 5, gradient.second(), 1e-12);
    assertEquals(5, made[0].seen);
    Fn1<double[], Double> g = v -> f.apply(v[0], v[1]);
    double[] at = {2, 5};
    double[] direction = {0, 1};
    assertEquals(12 * 4 * 5, Grad.jvp(g, at, direction).tangent(), 1e-12);
  }

  @Test
  void parametersOfClassesThatCannotBeNamed() {
    Scalar1 f = x -> x * new Whole.Holder(new Whole(x * x)).number();
    assertEquals(12, Grad.gradient(f, 2), 1e-12);
    assertEquals(12, Grad.derivative(f, 2), 1e-12);
  }

  private static double grown(double x) {
    Amount amount = new Amount(x);
    for (int i = 0; i < 3; i++) {
      amount = i % 2 == 0 ? amount.times(x) : amount.grow(2);
    }
    try {
      return amount.grow(3).times(x).value();
    } catch (IllegalStateException e) {
      return amount.value();
    }
  }

  @Test
  void resultsOfClassesThatCannotBeNamed() {
    assertEquals(6 * 4 * 8, Grad.gradient(x -> grown(x), 2), 1e-12); // of 6 x⁴
    assertEquals(6 * 4 * 8, Grad.derivative(x -> grown(x), 2), 1e-12);
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exceptions that hand themselves out before they are finished, as those of commons-math3 do. */
class SelfReferringExceptionsTest {
  private static final class Context {
    private final Throwable about;
    private final List<Double> arguments = new ArrayList<>();

    Context(Throwable about) {
      this.about = about;
    }
  }

  private static class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final transient Context context;

    Refusal(double x) {
      context = new Context(this);
      context.arguments.add(x);
    }

    double argument() {
      return context.arguments.get(0);
    }
  }

  private static final class TooSmall extends Refusal {
    private static final long serialVersionUID = 1;
    private final double least;

    TooSmall(double x, double least) {
      super(x);
      this.least = least;
    }
  }

  static double checked(double x) {
    if (x < 1) {
      throw new TooSmall(x, 3 * x * x);
    }
    return x * x * x;
  }

  static double caught(double x) {
    try {
      return checked(x);
    } catch (Refusal e) {
      return e.context.about == e ? x * x : 0;
    }
  }

  static double reads(double x) {
    try {
      return checked(x);
    } catch (TooSmall e) {
      return e.least * x;
    }
  }

  static double asks(double x) {
    try {
      return checked(x);
    } catch (TooSmall e) {
      return e.argument() * x;
    }
  }

  @Test
  void theCodeAroundIsFollowed() {
    Scalar1 checked = SelfReferringExceptionsTest::checked;
    assertEquals(12, Grad.gradient(checked, 2), 1e-12);
    assertEquals(12, Grad.derivative(checked, 2), 1e-12);
    TooSmall thrown = assertThrows(TooSmall.class, () -> Grad.gradient(checked, 0.5));
    assertEquals(0.5, thrown.argument());
  }

  @Test
  void whatSubclassesHoldIsFollowed() {
    Scalar1 reads = SelfReferringExceptionsTest::reads;
    assertEquals(9 * 0.25, Grad.gradient(reads, 0.5), 1e-12); // of 3 x³
    assertEquals(9 * 0.25, Grad.derivative(reads, 0.5), 1e-12);
    assertEquals(12, Grad.gradient(reads, 2), 1e-12);
  }

  @Test
  void whatTheyHoldThemselvesIsRefused() {
    for (Scalar1 f :
        List.<Scalar1>of(SelfReferringExceptionsTest::asks, SelfReferringExceptionsTest::caught)) {
      for (Runnable derivative :
          List.<Runnable>of(() -> Grad.gradient(f, 0.5), () -> Grad.derivative(f, 0.5))) {
        GradientException e = assertThrows(GradientException.class, derivative::run);
        assertTrue(e.getMessage().contains("reads context of a Refusal"), e.getMessage());
      }
    }
  }
}

package dev.fluxion.grad.fuzz;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Scalar2;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What the gradient of one program is at a few points.
 *
 * @param outcome what was seen
 * @param detail where and what, for a reader
 */
record Trial(Outcome outcome, String detail) {
  enum Outcome {
    /** Everything agreed at one point at least. */
    AGREES,
    /** The program has no gradient that could be compared at any of the points. */
    ROUGH,
    /** The program was refused. */
    REFUSED,
    /** Some numbers differ, or something failed. */
    DIFFERS
  }

  /** The outcome without numbers and names, by which failures of the same kind are told. */
  String kind() {
    String rough =
        detail
            .replaceAll("at \\[[^]]*]: ", "")
            .replaceAll("-?\\d+\\.\\d+(E-?\\d+)?", "#")
            .replaceAll("[a-zA-Z]?\\d+", "n");
    return outcome + " " + rough.substring(0, Math.min(rough.length(), 130));
  }

  private static final double[][] POINTS = {{0.37, 0.81}, {-0.42, 1.13}, {1.27, -0.64}};
  private static final double STEP = 1e-5;

  @SuppressWarnings("unchecked")
  static Trial of(ClassLoader loader, String name) {
    try {
      Class<?> type = Class.forName("generated." + name, true, loader);
      Scalar2 scalar = (Scalar2) type.getMethod("scalar").invoke(null);
      Fn1<double[], Double> vector = (Fn1<double[], Double>) type.getMethod("vector").invoke(null);
      Trial trial = new Trial(Outcome.ROUGH, "");
      for (double[] point : POINTS) {
        Trial next = at(scalar, vector, point);
        if (next.outcome != Outcome.ROUGH) {
          trial = next;
        }
        if (next.outcome == Outcome.DIFFERS || next.outcome == Outcome.REFUSED) {
          return next;
        }
      }
      return trial;
    } catch (GradientException e) {
      return new Trial(Outcome.REFUSED, String.valueOf(e.getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Trial differs(double[] point, String what) {
    return new Trial(Outcome.DIFFERS, "at " + Arrays.toString(point) + ": " + what);
  }

  private static Trial at(Scalar2 scalar, Fn1<double[], Double> vector, double[] point) {
    double plain;
    try {
      plain = scalar.apply(point[0], point[1]);
    } catch (RuntimeException e) {
      return thrown(vector, point, e);
    }
    if (Math.abs(plain) > 1000) { // differences would tell little
      return new Trial(Outcome.ROUGH, "");
    }
    try {
      return compare(scalar, vector, point, plain);
    } catch (GradientException e) {
      return new Trial(Outcome.REFUSED, String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String stack =
          Arrays.stream(cause.getStackTrace())
              .limit(5)
              .map(f -> f.getFileName() + ":" + f.getLineNumber())
              .collect(Collectors.joining(" "));
      return differs(
          point, "failed " + cause.toString().lines().findFirst().orElse("") + " " + stack);
    }
  }

  /** What the program throws must come through. */
  private static Trial thrown(
      Fn1<double[], Double> vector, double[] point, RuntimeException plain) {
    try {
      Grad.gradient(vector, point.clone());
      return differs(point, "no exception, but " + plain);
    } catch (GradientException e) {
      return new Trial(Outcome.REFUSED, String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      return e.getClass() == plain.getClass()
          ? new Trial(Outcome.ROUGH, "")
          : differs(point, e + ", but " + plain);
    }
  }

  private static Trial compare(
      Scalar2 scalar, Fn1<double[], Double> vector, double[] point, double plain) {
    var first = Grad.gradient(scalar, point[0], point[1]);
    var second = Grad.gradient(scalar, point[0], point[1]);
    var reverse = Grad.valueAndGradient(vector, point.clone());
    double[] gradient = {first.first(), first.second()};
    if (!Arrays.equals(gradient, new double[] {second.first(), second.second()})) {
      return differs(point, first + " and then " + second);
    }
    if (Double.compare(plain, reverse.value()) != 0) {
      return differs(point, "value " + plain + " but with the gradient " + reverse.value());
    }
    boolean compared = false;
    for (int i = 0; i < 2; i++) {
      double[] direction = new double[2];
      direction[i] = 1;
      var forward = Grad.jvp(vector, point.clone(), direction);
      if (Double.compare(plain, forward.value()) != 0) {
        return differs(point, "value " + plain + " but in forward mode " + forward.value());
      }
      double tangent = forward.tangent();
      if (!close(gradient[i], tangent, 1e-10) || !close(reverse.gradient()[i], tangent, 1e-10)) {
        return differs(
            point,
            "argument %d: reverse %s, of an array %s, forward %s, differences %s"
                .formatted(
                    i, gradient[i], reverse.gradient()[i], tangent, slope(scalar, point, i, STEP)));
      }
      double coarse = slope(scalar, point, i, STEP * 10);
      double fine = slope(scalar, point, i, STEP);
      if (close(coarse, fine, 1e-5)) {
        compared = true;
        if (!close(fine, gradient[i], 1e-4)) {
          return differs(
              point, "argument %d: gradient %s, differences %s".formatted(i, gradient[i], fine));
        }
      }
    }
    return new Trial(compared ? Outcome.AGREES : Outcome.ROUGH, "");
  }

  private static boolean close(double a, double b, double tolerance) {
    return Double.compare(a, b) == 0
        || Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
  }

  private static double slope(Scalar2 f, double[] point, int argument, double step) {
    double[] up = point.clone();
    double[] down = point.clone();
    up[argument] += step;
    down[argument] -= step;
    try {
      return (f.apply(up[0], up[1]) - f.apply(down[0], down[1])) / (up[argument] - down[argument]);
    } catch (RuntimeException e) {
      return Double.NaN; // beyond a branch that throws
    }
  }
}

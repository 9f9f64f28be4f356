package dev.fluxion.grad.fuzz;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.InterpretedGradient;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.interpret.Interpreter;
import dev.fluxion.ir.lift.Lifter;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What the gradient of one program is at a few points.
 *
 * @param outcome what was seen
 * @param detail where and what, for a reader
 * @param compared how many derivatives differences were compared with
 * @param skipped how many they were not, for the differences of two steps were not the same, as
 *     they are near a kink
 */
record Trial(Outcome outcome, String detail, int compared, int skipped) {
  Trial(Outcome outcome, String detail) {
    this(outcome, detail, 0, 0);
  }

  enum Outcome {
    /** Everything agreed at one point at least. */
    AGREES,
    /** The program has no gradient that differences could tell at any of the points. */
    ROUGH,
    /** The program was refused. */
    REFUSED,
    /** Some numbers differ, or something failed. */
    DIFFERS
  }

  /** What is compared, beside the gradient with forward mode, differences and the interpreter. */
  enum Depth {
    /** Nothing. */
    FIRST,
    /** The gradient with itself, taken another time and as a function of two numbers. */
    AGAIN,
    /** Second derivatives. */
    SECOND
  }

  /** How closely numbers agree: arithmetic in float is rough, and needs a longer step. */
  private record Precision(double exact, double step, double smooth, double rough) {
    static final Precision DOUBLE = new Precision(1e-10, 1e-5, 1e-5, 1e-4);
    static final Precision FLOAT = new Precision(1e-4, 4e-3, 1e-2, 3e-2);
  }

  /** Slopes on both sides of a point differ by less where the function is smooth. */
  private static final double BEND = 0.05;

  private static final double[][] POINTS = {
    {0.371_13, 0.812_17}, {-0.423_19, 1.131_37}, {1.272_91, -0.643_73}
  };
  private static final MethodTypeDesc METHOD =
      MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double, ConstantDescs.CD_double);

  /** The outcome without numbers and names, by which failures of the same kind are told. */
  String kind() {
    String rough =
        detail
            .replaceAll("at \\[[^]]*]: ", "")
            .replaceAll("-?\\d+\\.\\d+(E-?\\d+)?", "#")
            .replaceAll("[a-zA-Z]*\\d+", "n");
    return outcome + " " + rough.substring(0, Math.min(rough.length(), 130));
  }

  /**
   * Tries the program of a class of the package {@code generated}.
   *
   * @param isFloat whether it computes in float somewhere
   */
  static Trial of(ClassLoader loader, String name, boolean isFloat, Depth depth) {
    Subject subject = Subject.of(loader, name, isFloat ? Precision.FLOAT : Precision.DOUBLE, depth);
    Trial trial = new Trial(Outcome.ROUGH, "");
    for (double[] point : POINTS) {
      Trial next = at(subject, point, trial.outcome == Outcome.ROUGH);
      if (next.outcome == Outcome.DIFFERS || next.outcome == Outcome.REFUSED) {
        return next;
      }
      boolean isSecond = trial.outcome == Outcome.AGREES && next.outcome == Outcome.AGREES;
      Outcome outcome = trial.outcome == Outcome.AGREES ? trial.outcome : next.outcome;
      trial = new Trial(outcome, "", trial.compared + next.compared, trial.skipped + next.skipped);
      if (isSecond) {
        break; // two points are enough
      }
    }
    return trial;
  }

  /** A program: the class, and its method as a function of two numbers and of an array. */
  private record Subject(
      Class<?> type,
      Scalar2 scalar,
      Fn1<double[], Double> vector,
      Fn1<double[], double[]> wide,
      Precision precision,
      Depth depth) {
    @SuppressWarnings("unchecked")
    static Subject of(ClassLoader loader, String name, Precision precision, Depth depth) {
      try {
        Class<?> type = Class.forName("generated." + name, true, loader);
        return new Subject(
            type,
            (Scalar2) type.getMethod("scalar").invoke(null),
            (Fn1<double[], Double>) type.getMethod("vector").invoke(null),
            (Fn1<double[], double[]>) type.getMethod("wide").invoke(null),
            precision,
            depth);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    double value(double[] point) {
      return scalar.apply(point[0], point[1]);
    }
  }

  private static Trial differs(double[] point, String what) {
    return new Trial(Outcome.DIFFERS, "at " + Arrays.toString(point) + ": " + what);
  }

  private static Trial refused(GradientException e) {
    return new Trial(Outcome.REFUSED, String.valueOf(e.getMessage()));
  }

  private static Trial at(Subject subject, double[] point, boolean interprets) {
    double plain;
    try {
      plain = subject.value(point);
    } catch (RuntimeException e) {
      return thrown(subject.vector, point, e);
    }
    if (!(Math.abs(plain) < 1000)) { // differences would tell little
      return new Trial(Outcome.ROUGH, "");
    }
    try {
      return compare(subject, point, plain, interprets);
    } catch (GradientException e) {
      return refused(e);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      return differs(point, "failed " + described(e));
    }
  }

  private static String described(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String stack =
        Arrays.stream(cause.getStackTrace())
            .limit(5)
            .map(f -> f.getFileName() + ":" + f.getLineNumber())
            .collect(Collectors.joining(" "));
    return cause.toString().lines().findFirst().orElse("") + " " + stack;
  }

  /** What the program throws must come through. */
  private static Trial thrown(
      Fn1<double[], Double> vector, double[] point, RuntimeException plain) {
    try {
      Grad.gradient(vector, point.clone());
      return differs(point, "no exception, but " + plain);
    } catch (GradientException e) {
      return refused(e);
    } catch (RuntimeException | LinkageError e) {
      return e.getClass() == plain.getClass()
          ? new Trial(Outcome.ROUGH, "")
          : differs(point, "failed " + described(e) + ", but " + plain);
    }
  }

  private static Trial compare(Subject subject, double[] point, double plain, boolean interprets) {
    Precision precision = subject.precision;
    var reverse = Grad.valueAndGradient(subject.vector, point.clone());
    double[] gradient = reverse.gradient();
    if (Double.compare(plain, reverse.value()) != 0) {
      return differs(point, "value " + plain + " but with the gradient " + reverse.value());
    }
    double[] tangents = forward(subject, point);
    for (int i = 0; i < point.length; i++) {
      if (!close(gradient[i], tangents[i], precision.exact)) {
        return differs(
            point,
            "argument %d: reverse %s, forward %s, differences %s"
                .formatted(i, gradient[i], tangents[i], slope(subject, point, i, precision.step)));
      }
    }
    Trial further =
        switch (subject.depth) {
          case FIRST -> new Trial(Outcome.AGREES, "");
          case AGAIN -> again(subject, point, gradient);
          case SECOND -> second(subject, point);
        };
    if (interprets && further.outcome != Outcome.DIFFERS) {
      further = interpreted(subject, point, plain, gradient);
    }
    return further.outcome == Outcome.DIFFERS ? further : differences(subject, point, gradient);
  }

  /** The tangents, several at once or one after the other. */
  private static double[] forward(Subject subject, double[] point) {
    if (subject.depth == Depth.AGAIN) {
      return Grad.jacobian(subject.wide, point.clone())[0];
    }
    double[] tangents = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      double[] direction = new double[point.length];
      direction[i] = 1;
      tangents[i] = Grad.jvp(subject.vector, point.clone(), direction).tangent();
    }
    return tangents;
  }

  private static Trial differences(Subject subject, double[] point, double[] gradient) {
    Precision precision = subject.precision;
    int compared = 0;
    for (int i = 0; i < point.length; i++) {
      double coarse = slope(subject, point, i, precision.step * 10);
      double fine = slope(subject, point, i, precision.step);
      if (tells(coarse, fine, precision) && !bends(subject, point, i)) {
        compared++;
        if (!close(fine, gradient[i], precision.rough)) {
          return differs(
              point, "argument %d: gradient %s, differences %s".formatted(i, gradient[i], fine));
        }
      }
    }
    return new Trial(
        compared > 0 ? Outcome.AGREES : Outcome.ROUGH, "", compared, point.length - compared);
  }

  /** The same gradient once more, as a function of two numbers. */
  private static Trial again(Subject subject, double[] point, double[] gradient) {
    var again = Grad.gradient(subject.scalar, point[0], point[1]);
    double[] second = {again.first(), again.second()};
    return Arrays.equals(gradient, second)
        ? new Trial(Outcome.AGREES, "")
        : differs(point, "reverse " + Arrays.toString(gradient) + ", then " + again);
  }

  private static Trial interpreted(
      Subject subject, double[] point, double plain, double[] gradient) {
    Function primal =
        new Function("f", METHOD, subject.type, () -> Lifter.lift(subject.type, "f", METHOD));
    double value;
    try {
      value = (double) Objects.requireNonNull(new Interpreter().call(primal, point[0], point[1]));
    } catch (Throwable e) {
      return differs(point, "interpreted, failed " + described(e));
    }
    if (Double.compare(plain, value) != 0) {
      return differs(point, "value " + plain + " but interpreted " + value);
    }
    var interpreted = InterpretedGradient.of(subject.vector, point.clone());
    double exact = subject.precision.exact;
    // a gradient that is known to be one of a number adds up what a loop contributes in its order
    return Double.compare(plain, interpreted.value()) == 0
            && close(gradient[0], interpreted.gradient()[0], exact)
            && close(gradient[1], interpreted.gradient()[1], exact)
        ? new Trial(Outcome.AGREES, "")
        : differs(
            point,
            "reverse %s of %s, interpreted %s of %s"
                .formatted(
                    Arrays.toString(gradient),
                    plain,
                    Arrays.toString(interpreted.gradient()),
                    interpreted.value()));
  }

  /** Second derivatives are symmetric and what differences of the gradient say. */
  private static Trial second(Subject subject, double[] point) {
    double[][] hessian;
    try {
      hessian = Grad.hessian(subject.vector, point.clone());
    } catch (GradientException e) {
      return new Trial(Outcome.ROUGH, ""); // not everything can be derived twice
    }
    Precision precision = subject.precision;
    if (!close(hessian[0][1], hessian[1][0], precision.exact * 1e3)) {
      return differs(point, "second derivatives " + Arrays.deepToString(hessian));
    }
    for (int i = 0; i < point.length; i++) {
      double[] coarse = gradientSlope(subject, point, i, precision.step * 10);
      double[] fine = gradientSlope(subject, point, i, precision.step);
      for (int j = 0; j < point.length; j++) {
        if (tells(coarse[j], fine[j], precision)
            && !close(fine[j], hessian[i][j], precision.rough)) {
          return differs(
              point,
              "second derivative %d %d: %s, differences %s"
                  .formatted(i, j, hessian[i][j], fine[j]));
        }
      }
    }
    return new Trial(Outcome.AGREES, "");
  }

  /** Whether the function is smooth between the points of differences, and throws at none. */
  private static boolean tells(double coarse, double fine, Precision precision) {
    return !Double.isNaN(fine) && close(coarse, fine, precision.smooth);
  }

  /**
   * Whether the function bends so near the point that both steps of differences reach beyond it:
   * they agree then, but not with the slope on the point's side.
   */
  private static boolean bends(Subject subject, double[] point, int argument) {
    double step = subject.precision.step;
    double value = subject.value(point);
    double up = (subject.value(moved(point, argument, step)) - value) / step;
    double down = (value - subject.value(moved(point, argument, -step))) / step;
    return !close(up, down, BEND);
  }

  private static boolean close(double a, double b, double tolerance) {
    return Double.compare(a, b) == 0
        || Math.abs(a - b) <= tolerance * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
  }

  private static double slope(Subject subject, double[] point, int argument, double step) {
    double[] up = moved(point, argument, step);
    double[] down = moved(point, argument, -step);
    try {
      return (subject.value(up) - subject.value(down)) / (up[argument] - down[argument]);
    } catch (RuntimeException e) {
      return Double.NaN; // beyond a branch that throws
    }
  }

  private static double[] gradientSlope(
      Subject subject, double[] point, int argument, double step) {
    double[] up = moved(point, argument, step);
    double[] down = moved(point, argument, -step);
    double[] slope = new double[point.length];
    try {
      double[] above = Grad.gradient(subject.vector, up.clone());
      double[] below = Grad.gradient(subject.vector, down.clone());
      for (int j = 0; j < slope.length; j++) {
        slope[j] = (above[j] - below[j]) / (up[argument] - down[argument]);
      }
    } catch (RuntimeException e) {
      Arrays.fill(slope, Double.NaN);
    }
    return slope;
  }

  private static double[] moved(double[] point, int argument, double step) {
    double[] moved = point.clone();
    moved[argument] += step;
    return moved;
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All of {@code Math} and {@code StrictMath}, against central differences. */
class MathTest {
  /**
   * A method of both classes.
   *
   * @param name with the types of its parameters, as {@code pow(double,double)}
   * @param isSmooth whether second derivatives are compared, too
   * @param step of the differences: wide for floats, whose functions are piecewise linear
   * @param points where
   */
  record Entry(
      String name,
      boolean isSmooth,
      double step,
      Fn1<double[], Double> ofMath,
      Fn1<double[], Double> ofStrictMath,
      double[]... points) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static double[] at(double... point) {
    return point;
  }

  private static Entry smooth(
      String name, Fn1<double[], Double> m, Fn1<double[], Double> s, double[]... points) {
    return new Entry(name, true, 1e-5, m, s, points);
  }

  private static Entry linear(
      String name, Fn1<double[], Double> m, Fn1<double[], Double> s, double[]... points) {
    return new Entry(name, false, 1 / 64.0, m, s, points);
  }

  static Stream<Entry> entries() {
    double[][] any = {at(0.3), at(-1.7), at(2.2), at(0)};
    double[][] positive = {at(0.3), at(1), at(9)};
    double[][] inside = {at(0.3), at(-0.9), at(0)};
    double[][] pairs = {at(0.3, 2), at(-1.7, 0.6), at(3, -4)};
    double[][] steps = {at(0.3), at(-1.7), at(3.2)};
    double[][] triples = {at(0.3, 2, -1), at(-1.7, 0.6, 3), at(3, -4, 0)};
    double[][] bounded = {at(0.3, -1, 2), at(-1.7, -1, 2), at(3, -1, 2)};
    return Stream.of(
        smooth("sin(double)", a -> Math.sin(a[0]), a -> StrictMath.sin(a[0]), any),
        smooth("cos(double)", a -> Math.cos(a[0]), a -> StrictMath.cos(a[0]), any),
        smooth("tan(double)", a -> Math.tan(a[0]), a -> StrictMath.tan(a[0]), any),
        smooth("asin(double)", a -> Math.asin(a[0]), a -> StrictMath.asin(a[0]), inside),
        smooth("acos(double)", a -> Math.acos(a[0]), a -> StrictMath.acos(a[0]), inside),
        smooth("atan(double)", a -> Math.atan(a[0]), a -> StrictMath.atan(a[0]), any),
        smooth("sinh(double)", a -> Math.sinh(a[0]), a -> StrictMath.sinh(a[0]), any),
        smooth("cosh(double)", a -> Math.cosh(a[0]), a -> StrictMath.cosh(a[0]), any),
        smooth("tanh(double)", a -> Math.tanh(a[0]), a -> StrictMath.tanh(a[0]), any),
        smooth("exp(double)", a -> Math.exp(a[0]), a -> StrictMath.exp(a[0]), any),
        smooth("expm1(double)", a -> Math.expm1(a[0]), a -> StrictMath.expm1(a[0]), any),
        smooth("log(double)", a -> Math.log(a[0]), a -> StrictMath.log(a[0]), positive),
        smooth("log10(double)", a -> Math.log10(a[0]), a -> StrictMath.log10(a[0]), positive),
        smooth("log1p(double)", a -> Math.log1p(a[0]), a -> StrictMath.log1p(a[0]), inside),
        smooth("sqrt(double)", a -> Math.sqrt(a[0]), a -> StrictMath.sqrt(a[0]), positive),
        smooth("cbrt(double)", a -> Math.cbrt(a[0]), a -> StrictMath.cbrt(a[0]), at(0.3), at(-1.7)),
        smooth(
            "pow(double,double)",
            a -> Math.pow(a[0], a[1]),
            a -> StrictMath.pow(a[0], a[1]),
            at(0.3, 2),
            at(2, 0),
            at(1.7, -1.3),
            at(1, 5)),
        smooth(
            "atan2(double,double)",
            a -> Math.atan2(a[0], a[1]),
            a -> StrictMath.atan2(a[0], a[1]),
            pairs),
        smooth(
            "hypot(double,double)",
            a -> Math.hypot(a[0], a[1]),
            a -> StrictMath.hypot(a[0], a[1]),
            pairs),
        smooth(
            "fma(double,double,double)",
            a -> Math.fma(a[0], a[1], a[2]),
            a -> StrictMath.fma(a[0], a[1], a[2]),
            triples),
        linear(
            "fma(float,float,float)",
            a -> (double) Math.fma((float) a[0], (float) a[1], (float) a[2]),
            a -> (double) StrictMath.fma((float) a[0], (float) a[1], (float) a[2]),
            at(0.5, 2, -1),
            at(-1.75, 0.5, 3)),
        linear(
            "toRadians(double)", a -> Math.toRadians(a[0]), a -> StrictMath.toRadians(a[0]), any),
        linear(
            "toDegrees(double)", a -> Math.toDegrees(a[0]), a -> StrictMath.toDegrees(a[0]), any),
        linear("abs(double)", a -> Math.abs(a[0]), a -> StrictMath.abs(a[0]), any),
        linear(
            "abs(float)",
            a -> (double) Math.abs((float) a[0]),
            a -> (double) StrictMath.abs((float) a[0]),
            at(0.5),
            at(-1.75),
            at(0)),
        linear(
            "max(double,double)",
            a -> Math.max(a[0], a[1]),
            a -> StrictMath.max(a[0], a[1]),
            pairs),
        linear(
            "max(float,float)",
            a -> (double) Math.max((float) a[0], (float) a[1]),
            a -> (double) StrictMath.max((float) a[0], (float) a[1]),
            at(0.5, 2),
            at(3, -4)),
        linear(
            "min(double,double)",
            a -> Math.min(a[0], a[1]),
            a -> StrictMath.min(a[0], a[1]),
            pairs),
        linear(
            "min(float,float)",
            a -> (double) Math.min((float) a[0], (float) a[1]),
            a -> (double) StrictMath.min((float) a[0], (float) a[1]),
            at(0.5, 2),
            at(3, -4)),
        linear(
            "clamp(double,double,double)",
            a -> Math.clamp(a[0], a[1], a[2]),
            a -> StrictMath.clamp(a[0], a[1], a[2]),
            bounded),
        linear(
            "clamp(float,float,float)",
            a -> (double) Math.clamp((float) a[0], (float) a[1], (float) a[2]),
            a -> (double) StrictMath.clamp((float) a[0], (float) a[1], (float) a[2]),
            at(0.5, -1, 2),
            at(-1.75, -1, 2),
            at(3, -1, 2)),
        linear(
            "copySign(double,double)",
            a -> Math.copySign(a[0], a[1]),
            a -> StrictMath.copySign(a[0], a[1]),
            pairs),
        linear(
            "copySign(float,float)",
            a -> (double) Math.copySign((float) a[0], (float) a[1]),
            a -> (double) StrictMath.copySign((float) a[0], (float) a[1]),
            at(0.5, 2),
            at(3, -4)),
        linear(
            "scalb(double,int)", a -> Math.scalb(a[0], -3), a -> StrictMath.scalb(a[0], -3), any),
        linear(
            "scalb(float,int)",
            a -> (double) Math.scalb((float) a[0], 3),
            a -> (double) StrictMath.scalb((float) a[0], 3),
            at(0.5),
            at(-1.75)),
        linear(
            "IEEEremainder(double,double)",
            a -> Math.IEEEremainder(a[0], a[1]),
            a -> StrictMath.IEEEremainder(a[0], a[1]),
            at(7.3, 2),
            at(-1.7, 0.6),
            at(1, 5)),
        linear("nextUp(double)", a -> Math.nextUp(a[0]), a -> StrictMath.nextUp(a[0]), any),
        linear(
            "nextUp(float)",
            a -> (double) Math.nextUp((float) a[0]),
            a -> (double) StrictMath.nextUp((float) a[0]),
            at(0.5),
            at(-1.75)),
        linear("nextDown(double)", a -> Math.nextDown(a[0]), a -> StrictMath.nextDown(a[0]), any),
        linear(
            "nextDown(float)",
            a -> (double) Math.nextDown((float) a[0]),
            a -> (double) StrictMath.nextDown((float) a[0]),
            at(0.5),
            at(-1.75)),
        linear(
            "nextAfter(double,double)",
            a -> Math.nextAfter(a[0], a[1]),
            a -> StrictMath.nextAfter(a[0], a[1]),
            pairs),
        linear(
            "nextAfter(float,double)",
            a -> (double) Math.nextAfter((float) a[0], a[1]),
            a -> (double) StrictMath.nextAfter((float) a[0], a[1]),
            at(0.5, 2),
            at(3, -4)),
        linear("ceil(double)", a -> Math.ceil(a[0]), a -> StrictMath.ceil(a[0]), steps),
        linear("floor(double)", a -> Math.floor(a[0]), a -> StrictMath.floor(a[0]), steps),
        linear("rint(double)", a -> Math.rint(a[0]), a -> StrictMath.rint(a[0]), steps),
        linear("signum(double)", a -> Math.signum(a[0]), a -> StrictMath.signum(a[0]), steps),
        linear(
            "signum(float)",
            a -> (double) Math.signum((float) a[0]),
            a -> (double) StrictMath.signum((float) a[0]),
            steps),
        linear("ulp(double)", a -> Math.ulp(a[0]), a -> StrictMath.ulp(a[0]), steps),
        linear(
            "ulp(float)",
            a -> (double) Math.ulp((float) a[0]),
            a -> (double) StrictMath.ulp((float) a[0]),
            steps));
  }

  /** Those that take numbers and give whole ones, which are constants. */
  private static final Set<String> WHOLE =
      Set.of("round(double)", "round(float)", "getExponent(double)", "getExponent(float)");

  private static boolean takesNumbers(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .anyMatch(type -> type == double.class || type == float.class);
  }

  private static String name(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  @Test
  void theTableIsComplete() {
    Set<String> table = new TreeSet<>(WHOLE);
    entries().forEach(entry -> table.add(entry.name));
    for (Class<?> type : List.of(Math.class, StrictMath.class)) {
      Map<String, Class<?>> methods = new TreeMap<>();
      for (Method method : type.getMethods()) {
        if (Modifier.isStatic(method.getModifiers()) && takesNumbers(method)) {
          methods.put(name(method), method.getReturnType());
        }
      }
      assertEquals(table, methods.keySet(), type.getName());
      WHOLE.forEach(
          name -> assertEquals(true, Set.of(int.class, long.class).contains(methods.get(name))));
    }
  }

  private static double[] moved(double[] point, int index, double by) {
    double[] moved = point.clone();
    moved[index] += by;
    return moved;
  }

  private static void check(Entry entry, Fn1<double[], Double> f, double[] point) {
    int n = point.length;
    double h = entry.step;
    double[] gradient = Grad.gradient(f, point);
    double[] forward = new double[n];
    for (int i = 0; i < n; i++) {
      double[] unit = new double[n];
      unit[i] = 1;
      forward[i] = Grad.jvp(f, point, unit).tangent();
    }
    double[] together = Grad.jacobian(a -> new double[] {f.apply(a)}, point)[0];
    double[][] hessian = Grad.hessian(f, point);
    double[][] weighted = Grad.hessian(a -> a[n] * f.apply(a), Arrays.copyOf(point, n + 1));
    for (int i = 0; i < n; i++) {
      double up = f.apply(moved(point, i, h));
      double down = f.apply(moved(point, i, -h));
      double slope = (up - down) / (2 * h);
      String where = entry + " at " + Arrays.toString(point) + " in argument " + i;
      double tolerance = (entry.isSmooth ? 1e-8 : 1e-6) * Math.max(1, Math.abs(slope));
      assertEquals(slope, gradient[i], tolerance, where);
      assertEquals(slope, forward[i], tolerance, where + ", forward");
      assertEquals(slope, together[i], tolerance, where + ", jacobian");
      assertEquals(slope, weighted[n][i], tolerance, where + ", weight 0, then the argument");
      assertEquals(slope, weighted[i][n], tolerance, where + ", the argument, then weight 0");
      for (int j = 0; j < n && entry.isSmooth; j++) {
        double second =
            (Grad.gradient(f, moved(point, i, h))[j] - Grad.gradient(f, moved(point, i, -h))[j])
                / (2 * h);
        assertEquals(second, hessian[i][j], 1e-7 * Math.max(1, Math.abs(second)), where + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void theDerivativeIsThatOfDifferences(Entry entry) {
    for (double[] point : entry.points) {
      check(entry, entry.ofMath, point);
      check(entry, entry.ofStrictMath, point);
    }
  }
}

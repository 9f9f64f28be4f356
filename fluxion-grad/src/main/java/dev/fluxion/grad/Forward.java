package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.grad.runtime.Tape;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forward mode, and what is made of it: directional derivatives, Jacobians, second derivatives. */
final class Forward {
  /**
   * How many directions one pass has: enough to share the primal computation, few enough for the
   * tangents to stay in registers.
   */
  private static final int MOST_DIRECTIONS = 4;

  /** A reverse pass costs about as much as this many directions. */
  private static final int REVERSE_COST = 3;

  private Forward() {}

  static double derivative(Scalar1 f, double x) {
    Tangents tangents = Tangents.in(1);
    try {
      double _ =
          (double)
              Pushforwards.of(f, Pushforwards.SCALAR_1)
                  .single()
                  .invokeExact((Object) f, x, 1.0, tangents);
      return tangents.number;
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  @SuppressWarnings("unchecked")
  static <A, R> ValueAndTangent<R> jvp(Fn1<A, R> f, A x, A dx) {
    Tangents tangents = Tangents.in(1);
    Object at = Structure.fresh(x);
    Object shadow = TangentStructure.shadow(at, dx, tangents.direction(0));
    try {
      Object value =
          (Object)
              Pushforwards.of(f, Pushforwards.FN_1)
                  .single()
                  .invokeExact((Object) f, at, shadow, tangents);
      return new ValueAndTangent<>(
          (R) value, (R) Structure.gradient(value, tangents.reference, tangents.direction(0)));
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  static double[][] jacobian(Fn1<double[], double[]> f, double[] x) {
    Pushforwards pushforwards = Pushforwards.of(f, Pushforwards.FN_1);
    int rows = x.length <= REVERSE_COST ? x.length : f.apply(x.clone()).length;
    return rows * REVERSE_COST < x.length ? byRows(f, x, rows) : byColumns(pushforwards, f, x);
  }

  private static double[][] byColumns(
      Pushforwards pushforwards, Fn1<double[], double[]> f, double[] x) {
    int directions = directions(x.length);
    double[][] columns = new double[x.length][];
    double[] value = new double[0];
    for (int start = 0; start < x.length; start += directions) {
      Tangents tangents = Tangents.in(directions);
      double[] at = x.clone();
      List<@Nullable Object> arguments = new ArrayList<>(List.of(f, at));
      arguments.addAll(units(at, start, directions, tangents));
      arguments.add(tangents);
      value = (double[]) requireNonNull(invoke(pushforwards.dual(directions), arguments));
      for (int k = 0; k < directions && start + k < x.length; k++) {
        Object column = k == 0 ? tangents.reference : tangents.references[k - 1];
        columns[start + k] = (double[]) requireNonNull(column);
      }
    }
    double[][] jacobian = new double[value.length][x.length];
    for (int j = 0; j < x.length; j++) {
      for (int i = 0; i < value.length; i++) {
        jacobian[i][j] = columns[j][i];
      }
    }
    return jacobian;
  }

  private static double[][] byRows(Fn1<double[], double[]> f, double[] x, int rows) {
    ValueAndPullback<double[], double[]> back = Grad.pullback(f, x.clone());
    double[][] jacobian = new double[rows][];
    for (int i = 0; i < rows; i++) {
      double[] unit = new double[rows];
      unit[i] = 1;
      jacobian[i] = back.gradient(unit);
    }
    return jacobian;
  }

  static <R> double[][] hessian(Fn1<double[], R> f, double[] x) {
    int directions = directions(x.length);
    Pushforwards.OverReverse gradient =
        Pushforwards.of(f, Pushforwards.FN_1).overReverse(directions);
    double[][] hessian = new double[x.length][];
    for (int start = 0; start < x.length; start += directions) {
      Tangents tangents = Tangents.in(directions);
      double[] at = x.clone();
      List<Object> rows =
          gradientTangents(
              gradient, f, at, units(at, start, directions, tangents), tangents, Tape.fresh());
      for (int k = 0; k < directions && start + k < x.length; k++) {
        hessian[start + k] = (double[]) rows.get(k);
      }
    }
    return hessian;
  }

  @SuppressWarnings("unchecked")
  static <T, R> T hessianVectorProduct(Fn1<T, R> f, T x, T v) {
    Pushforwards.OverReverse gradient = Pushforwards.of(f, Pushforwards.FN_1).overReverse(1);
    Tangents tangents = Tangents.in(1);
    Object at = Structure.fresh(x);
    List<Object> direction = List.of(TangentStructure.shadow(at, v, tangents.direction(0)));
    Tape products = Tape.fresh();
    Object product = gradientTangents(gradient, f, at, direction, tangents, products).get(0);
    return (T) Structure.gradient(at, product, products);
  }

  /**
   * The tangents of the gradient at a point, one for each direction, as shadows of the point.
   *
   * @param contents told those in the first direction of what containers hold, by its identity
   */
  private static List<Object> gradientTangents(
      Pushforwards.OverReverse gradient,
      Object f,
      Object x,
      List<Object> directions,
      Tangents tangents,
      Tape contents) {
    Tape tape = Tape.acquire();
    try {
      Object shadow = tape.shadowOf(x);
      List<@Nullable Object> shadows = new ArrayList<>();
      List<@Nullable Object> tapes = new ArrayList<>();
      for (int k = 0; k < directions.size(); k++) {
        shadows.add(tangents.direction(k).shadowOf(shadow));
        tapes.add(tangents.direction(k).shadowOf(tape));
      }
      List<@Nullable Object> arguments = new ArrayList<>(List.of(f, x, shadow, tape));
      arguments.addAll(directions);
      arguments.addAll(shadows);
      arguments.addAll(tapes);
      arguments.add(tangents);
      invoke(gradient.forward(), arguments);
      arguments = new ArrayList<>(List.of(tape, 1.0));
      arguments.addAll(tapes);
      arguments.add(tangents);
      invoke(gradient.reverse(), arguments);
      for (Leaves.Leaf leaf : Leaves.of(List.of(x), Collections.singletonList(shadow), tape)) {
        if (tape.known(leaf.primal()) == leaf.shadow()) {
          Object tangent = tangents.direction(0).shadowOf(leaf.shadow());
          Object product = TangentStructure.ofShadow(leaf.shadow(), tangent);
          if (product != null) {
            contents.define(leaf.primal(), product);
          }
        }
      }
      List<Object> result = new ArrayList<>();
      for (Object tangent : shadows) {
        result.add(TangentStructure.ofShadow(shadow, tangent));
      }
      return result;
    } finally {
      tape.release();
    }
  }

  /** As few passes as possible, and no wider than they need be. */
  private static int directions(int columns) {
    int passes = Math.max(1, (columns + MOST_DIRECTIONS - 1) / MOST_DIRECTIONS);
    return Math.max(1, (columns + passes - 1) / passes);
  }

  /** Unit vectors, and zero where there are no more. */
  private static List<Object> units(double[] x, int start, int count, Tangents tangents) {
    List<Object> units = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double[] unit = new double[x.length];
      if (start + k < x.length) {
        unit[start + k] = 1;
      }
      tangents.direction(k).define(x, unit);
      units.add(unit);
    }
    return units;
  }

  private static @Nullable Object invoke(MethodHandle handle, List<@Nullable Object> arguments) {
    try {
      return (Object) handle.invokeExact(arguments.toArray());
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }
}

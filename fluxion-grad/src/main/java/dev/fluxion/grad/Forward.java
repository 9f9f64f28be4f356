package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.grad.runtime.Tape;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Forward mode, and what is made of it: directional derivatives, Jacobians, second derivatives. */
final class Forward {
  /**
   * How many directions one pass has: enough to share the primal computation, few enough for the
   * tangents to stay in registers.
   */
  private static final int MOST_DIRECTIONS = 6;

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
      List<double[]> units = vectors(directions, x.length); // which may be the result's tangents
      point(units, start, at, tangents);
      List<@Nullable Object> arguments = new ArrayList<>(List.of(f, at));
      arguments.addAll(units);
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
    List<double[]> units = vectors(directions, x.length);
    Tape tape = Tape.fresh(); // which all passes share, with its tangents: they stay in the cache
    Tangents tangents = Tangents.in(directions);
    for (int start = 0; start < x.length; start += directions) {
      double[] at = x.clone();
      Object shadow = tape.shadowOf(at);
      point(units, start, at, tangents);
      List<Object> rows = gradientTangents(gradient, f, at, shadow, units, tape, tangents);
      for (int k = 0; k < directions && start + k < x.length; k++) {
        hessian[start + k] = (double[]) rows.get(k);
      }
      tape.release();
      tangents.forget(tape);
    }
    return hessian;
  }

  @SuppressWarnings("unchecked")
  static <T, R> T hessianVectorProduct(Fn1<T, R> f, T x, T v) {
    Pushforwards.OverReverse gradient = Pushforwards.of(f, Pushforwards.FN_1).overReverse(1);
    Tape tape = Tape.fresh();
    Tangents tangents = Tangents.in(1);
    Tangents.Direction direction = tangents.direction(0);
    Object at = Structure.fresh(x);
    Object shadow = tape.shadowOf(at);
    List<Object> along = List.of(TangentStructure.shadow(at, v, direction));
    Object product = gradientTangents(gradient, f, at, shadow, along, tape, tangents).get(0);
    Tape contents = Tape.fresh(); // what containers hold has its product by its identity
    for (Leaves.Leaf leaf : Leaves.of(List.of(at), Collections.singletonList(shadow), tape)) {
      if (tape.known(leaf.primal()) == leaf.shadow()) {
        Object tangent =
            TangentStructure.ofShadow(leaf.shadow(), direction.shadowOf(leaf.shadow()));
        if (tangent != null) {
          contents.define(leaf.primal(), tangent);
        }
      }
    }
    return (T) Structure.gradient(at, product, contents);
  }

  /** The tangents of the gradient at a point, one for each direction, as shadows of the point. */
  private static List<Object> gradientTangents(
      Pushforwards.OverReverse gradient,
      Object f,
      Object x,
      @Nullable Object shadow,
      List<?> directions,
      Tape tape,
      Tangents tangents) {
    List<@Nullable Object> shadows = new ArrayList<>();
    List<@Nullable Object> tapes = new ArrayList<>();
    for (int k = 0; k < directions.size(); k++) {
      shadows.add(tangents.direction(k).shadowOf(shadow));
      tapes.add(tangents.direction(k).shadowOf(tape));
    }
    List<@Nullable Object> arguments = new ArrayList<>();
    Collections.addAll(arguments, f, x, shadow, tape);
    arguments.addAll(directions);
    arguments.addAll(shadows);
    arguments.addAll(tapes);
    arguments.add(tangents);
    invoke(gradient.forward(), arguments);
    arguments = new ArrayList<>(List.of(tape, 1.0));
    arguments.addAll(tapes);
    arguments.add(tangents);
    invoke(gradient.reverse(), arguments);
    List<Object> result = new ArrayList<>();
    for (Object tangent : shadows) {
      result.add(TangentStructure.ofShadow(shadow, tangent));
    }
    return result;
  }

  /** As few passes as possible, and no wider than they need be. */
  private static int directions(int columns) {
    int passes = Math.max(1, (columns + MOST_DIRECTIONS - 1) / MOST_DIRECTIONS);
    return Math.max(1, (columns + passes - 1) / passes);
  }

  /** Makes unit vectors of the tangents of a point, and zero where there are no more. */
  private static void point(List<double[]> units, int start, double[] x, Tangents tangents) {
    for (int k = 0; k < units.size(); k++) {
      double[] unit = units.get(k);
      Arrays.fill(unit, 0);
      if (start + k < x.length) {
        unit[start + k] = 1;
      }
      tangents.direction(k).define(x, unit);
    }
  }

  private static List<double[]> vectors(int count, int length) {
    return Stream.generate(() -> new double[length]).limit(count).toList();
  }

  private static @Nullable Object invoke(MethodHandle handle, List<@Nullable Object> arguments) {
    try {
      return (Object) handle.invokeExact(arguments.toArray());
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }
}

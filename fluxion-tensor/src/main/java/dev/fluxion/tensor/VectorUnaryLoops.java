package dev.fluxion.tensor;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Loops with vector instructions around a function of one number. */
final class VectorUnaryLoops implements Unary.Loops {
  private final Unary function;
  private final Unary.Loops scalar;
  private final GradualLoop floats;
  private final GradualLoop doubles;

  VectorUnaryLoops(Unary function, Unary.Loops scalar) {
    this.function = function;
    this.scalar = scalar;
    this.floats = new GradualLoop(() -> loop(DType.FLOAT32));
    this.doubles = new GradualLoop(() -> loop(DType.FLOAT64));
  }

  @Override
  public void run(float[] x, int i, float[] y, int k, int count) {
    MethodHandle loop = floats.get(count, (one, n) -> trial(one, new float[GradualLoop.TRIAL], n));
    if (loop == null) {
      scalar.run(x, i, y, k, count);
    } else {
      run(loop, x, i, y, k, count);
    }
  }

  @Override
  public void run(double[] x, int i, double[] y, int k, int count) {
    MethodHandle loop =
        doubles.get(count, (one, n) -> trial(one, new double[GradualLoop.TRIAL], n));
    if (loop == null) {
      scalar.run(x, i, y, k, count);
    } else {
      run(loop, x, i, y, k, count);
    }
  }

  private @Nullable MethodHandle loop(DType type) {
    return VectorFunctions.loop(function, 1, type, 0);
  }

  private static void trial(MethodHandle loop, Object elements, int count) {
    run(loop, elements, 0, elements, 0, count);
  }

  private static void run(MethodHandle loop, Object x, int i, Object y, int k, int count) {
    VectorFunctions.run(loop, new Object[] {x}, new int[] {i}, new Object[] {y}, k, count);
  }
}

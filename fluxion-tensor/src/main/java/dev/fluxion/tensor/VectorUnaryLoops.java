package dev.fluxion.tensor;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Loops with vector instructions around a function of one number. */
final class VectorUnaryLoops implements Unary.Loops {
  private final Unary function;
  private final Unary.Loops scalar;
  private volatile @Nullable MethodHandle floats;
  private volatile @Nullable MethodHandle doubles;

  VectorUnaryLoops(Unary function, Unary.Loops scalar) {
    this.function = function;
    this.scalar = scalar;
  }

  @Override
  public void run(float[] x, float[] y, int from, int to) {
    MethodHandle loop = floats;
    if (loop == null) {
      loop = loop(DType.FLOAT32);
      floats = loop;
    }
    run(loop, x, y, from, to);
  }

  @Override
  public void run(double[] x, double[] y, int from, int to) {
    if (!VectorFunctions.hasDoubles(function)) {
      scalar.run(x, y, from, to);
      return;
    }
    MethodHandle loop = doubles;
    if (loop == null) {
      loop = loop(DType.FLOAT64);
      doubles = loop;
    }
    run(loop, x, y, from, to);
  }

  private MethodHandle loop(DType type) {
    return VectorFunctions.loop(function, function.name(), 1, type, 0);
  }

  private static void run(MethodHandle loop, Object x, Object y, int from, int to) {
    VectorFunctions.run(loop, new Object[] {x}, new int[] {from}, y, from, to - from);
  }
}

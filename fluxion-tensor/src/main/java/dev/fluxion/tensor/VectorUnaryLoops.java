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
  public void run(float[] x, float[] y, int from, int to) {
    MethodHandle loop = floats.get(to - from, one -> trial(one, new float[GradualLoop.TRIAL]));
    if (loop == null) {
      scalar.run(x, y, from, to);
    } else {
      run(loop, x, y, from, to - from);
    }
  }

  @Override
  public void run(double[] x, double[] y, int from, int to) {
    MethodHandle loop = doubles.get(to - from, one -> trial(one, new double[GradualLoop.TRIAL]));
    if (loop == null) {
      scalar.run(x, y, from, to);
    } else {
      run(loop, x, y, from, to - from);
    }
  }

  private @Nullable MethodHandle loop(DType type) {
    return VectorFunctions.loop(function, function.name(), 1, type, 0);
  }

  private static void trial(MethodHandle loop, Object elements) {
    run(loop, elements, elements, 0, GradualLoop.TRIAL);
  }

  private static void run(MethodHandle loop, Object x, Object y, int from, int count) {
    VectorFunctions.run(loop, new Object[] {x}, new int[] {from}, y, from, count);
  }
}

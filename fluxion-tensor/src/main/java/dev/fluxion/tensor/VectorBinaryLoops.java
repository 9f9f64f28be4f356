package dev.fluxion.tensor;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loops with vector instructions around a function of two numbers, one of which may stay. */
final class VectorBinaryLoops implements Binary.Loops {
  private final Binary.Loops scalar;

  /** By which arguments stay, as bits, and 4 for doubles. */
  private final List<GradualLoop> loops;

  VectorBinaryLoops(Binary function, Binary.Loops scalar) {
    this.scalar = scalar;
    List<GradualLoop> all = new ArrayList<>();
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      for (int i = 0; i < 4; i++) {
        int fixed = i;
        all.add(new GradualLoop(() -> VectorFunctions.loop(function, 2, type, fixed)));
      }
    }
    this.loops = List.copyOf(all);
  }

  @Override
  public void run(float[] x, int i, int dx, float[] y, int j, int dy, float[] z, int k, int count) {
    MethodHandle loop =
        loop(dx, dy, 0, count, (one, n) -> trial(one, new float[GradualLoop.TRIAL], n));
    if (loop == null) {
      scalar.run(x, i, dx, y, j, dy, z, k, count);
    } else {
      VectorFunctions.run(loop, new Object[] {x, y}, new int[] {i, j}, new Object[] {z}, k, count);
    }
  }

  @Override
  public void run(
      double[] x, int i, int dx, double[] y, int j, int dy, double[] z, int k, int count) {
    MethodHandle loop =
        loop(dx, dy, 4, count, (one, n) -> trial(one, new double[GradualLoop.TRIAL], n));
    if (loop == null) {
      scalar.run(x, i, dx, y, j, dy, z, k, count);
    } else {
      VectorFunctions.run(loop, new Object[] {x, y}, new int[] {i, j}, new Object[] {z}, k, count);
    }
  }

  /** The loop, or null: vectors are read without gaps. */
  private @Nullable MethodHandle loop(
      int dx, int dy, int type, int count, GradualLoop.Trial trial) {
    return dx > 1 || dy > 1 ? null : loops.get(type + (1 - dx) + 2 * (1 - dy)).get(count, trial);
  }

  private static void trial(MethodHandle loop, Object elements, int count) {
    VectorFunctions.run(
        loop, new Object[] {elements, elements}, new int[2], new Object[] {elements}, 0, count);
  }
}

package dev.fluxion.tensor;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Loops with vector instructions around a function of two numbers, one of which may stay. */
final class VectorBinaryLoops implements Binary.Loops {
  private final Binary function;
  private final Binary.Loops scalar;

  /** By which arguments stay, as bits, and 4 for doubles. */
  private final AtomicReferenceArray<MethodHandle> loops = new AtomicReferenceArray<>(8);

  VectorBinaryLoops(Binary function, Binary.Loops scalar) {
    this.function = function;
    this.scalar = scalar;
  }

  @Override
  public void run(float[] x, int i, int dx, float[] y, int j, int dy, float[] z, int k, int count) {
    if (hasNone(dx, dy)) {
      scalar.run(x, i, dx, y, j, dy, z, k, count);
    } else {
      run(DType.FLOAT32, fixed(dx, dy), x, i, y, j, z, k, count);
    }
  }

  @Override
  public void run(
      double[] x, int i, int dx, double[] y, int j, int dy, double[] z, int k, int count) {
    if (hasNone(dx, dy) || !VectorFunctions.hasDoubles(function)) {
      scalar.run(x, i, dx, y, j, dy, z, k, count);
    } else {
      run(DType.FLOAT64, fixed(dx, dy), x, i, y, j, z, k, count);
    }
  }

  /** Vectors are read without gaps. */
  private static boolean hasNone(int dx, int dy) {
    return dx > 1 || dy > 1;
  }

  private static int fixed(int dx, int dy) {
    return (1 - dx) + 2 * (1 - dy);
  }

  private void run(
      DType type, int fixed, Object x, int i, Object y, int j, Object z, int k, int count) {
    int index = fixed + (type == DType.FLOAT32 ? 0 : 4);
    MethodHandle loop = loops.get(index);
    if (loop == null) {
      loop = VectorFunctions.loop(function, function.name(), 2, type, fixed);
      loops.set(index, loop);
    }
    VectorFunctions.run(loop, new Object[] {x, y}, new int[] {i, j}, z, k, count);
  }
}

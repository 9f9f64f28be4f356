package dev.fluxion.tensor;

import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.grad.Scalar3;

/** A template of loops around a user's function, which C2 sees a single class of. */
final class FusedLoops implements Fused.Loops {
  @Override
  public void run(Scalar1 f, Buffer x, Buffer to, int from, int end) {
    if (to.isFloat32()) {
      run(f, x.floats, to.floats, from, end);
    } else {
      run(f, x.doubles, to.doubles, from, end);
    }
  }

  @Override
  public void run(Scalar2 f, Buffer x, Buffer y, Buffer to, int from, int end) {
    if (to.isFloat32()) {
      run(f, x.floats, y.floats, to.floats, from, end);
    } else {
      run(f, x.doubles, y.doubles, to.doubles, from, end);
    }
  }

  @Override
  public void run(Scalar3 f, Buffer x, Buffer y, Buffer z, Buffer to, int from, int end) {
    if (to.isFloat32()) {
      run(f, x.floats, y.floats, z.floats, to.floats, from, end);
    } else {
      run(f, x.doubles, y.doubles, z.doubles, to.doubles, from, end);
    }
  }

  private static void run(Scalar1 f, float[] x, float[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = (float) f.apply(x[i]);
    }
  }

  private static void run(Scalar1 f, double[] x, double[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = f.apply(x[i]);
    }
  }

  private static void run(Scalar2 f, float[] x, float[] y, float[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = (float) f.apply(x[i], y[i]);
    }
  }

  private static void run(Scalar2 f, double[] x, double[] y, double[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = f.apply(x[i], y[i]);
    }
  }

  private static void run(
      Scalar3 f, float[] x, float[] y, float[] z, float[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = (float) f.apply(x[i], y[i], z[i]);
    }
  }

  private static void run(
      Scalar3 f, double[] x, double[] y, double[] z, double[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = f.apply(x[i], y[i], z[i]);
    }
  }
}

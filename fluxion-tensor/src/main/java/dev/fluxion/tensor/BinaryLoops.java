package dev.fluxion.tensor;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleBinaryOperator;

/** A template of loops around a function of two numbers. */
final class BinaryLoops implements Binary.Loops {
  private static final Binary.OfFloats FLOATS =
      Template.data(MethodHandles.lookup(), Binary.class).floats();
  private static final DoubleBinaryOperator DOUBLES =
      Template.data(MethodHandles.lookup(), Binary.class).doubles();

  @Override
  public void run(float[] x, int i, int dx, float[] y, int j, int dy, float[] z, int k, int count) {
    if (dx == 1 && dy == 1) {
      for (int n = 0; n < count; n++) {
        z[k + n] = FLOATS.apply(x[i + n], y[j + n]);
      }
    } else if (dx == 1 && dy == 0) {
      float right = y[j];
      for (int n = 0; n < count; n++) {
        z[k + n] = FLOATS.apply(x[i + n], right);
      }
    } else if (dx == 0 && dy == 1) {
      float left = x[i];
      for (int n = 0; n < count; n++) {
        z[k + n] = FLOATS.apply(left, y[j + n]);
      }
    } else {
      for (int n = 0; n < count; n++) {
        z[k + n] = FLOATS.apply(x[i + n * dx], y[j + n * dy]);
      }
    }
  }

  @Override
  public void run(
      double[] x, int i, int dx, double[] y, int j, int dy, double[] z, int k, int count) {
    if (dx == 1 && dy == 1) {
      for (int n = 0; n < count; n++) {
        z[k + n] = DOUBLES.applyAsDouble(x[i + n], y[j + n]);
      }
    } else if (dx == 1 && dy == 0) {
      double right = y[j];
      for (int n = 0; n < count; n++) {
        z[k + n] = DOUBLES.applyAsDouble(x[i + n], right);
      }
    } else if (dx == 0 && dy == 1) {
      double left = x[i];
      for (int n = 0; n < count; n++) {
        z[k + n] = DOUBLES.applyAsDouble(left, y[j + n]);
      }
    } else {
      for (int n = 0; n < count; n++) {
        z[k + n] = DOUBLES.applyAsDouble(x[i + n * dx], y[j + n * dy]);
      }
    }
  }
}

package dev.fluxion.tensor;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleUnaryOperator;

/** A template of loops around a function of one number. */
final class UnaryLoops implements Unary.Loops {
  private static final Unary.OfFloat FLOATS =
      Template.data(MethodHandles.lookup(), Unary.class).floats();
  private static final DoubleUnaryOperator DOUBLES =
      Template.data(MethodHandles.lookup(), Unary.class).doubles();

  @Override
  public void run(float[] x, int i, float[] y, int k, int count) {
    for (int n = 0; n < count; n++) {
      y[k + n] = FLOATS.apply(x[i + n]);
    }
  }

  @Override
  public void run(double[] x, int i, double[] y, int k, int count) {
    for (int n = 0; n < count; n++) {
      y[k + n] = DOUBLES.applyAsDouble(x[i + n]);
    }
  }
}

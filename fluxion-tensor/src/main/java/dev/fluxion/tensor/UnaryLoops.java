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
  public void run(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FLOATS.apply(x[i]);
    }
  }

  @Override
  public void run(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = DOUBLES.applyAsDouble(x[i]);
    }
  }
}

package dev.fluxion.grad.runtime;

import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.DoubleBinaryOperator;

/**
 * What threads put together, in plain Java, which is differentiated where the platform's is not.
 */
final class Accumulator extends DoubleAccumulator {
  private static final long serialVersionUID = 1L;

  private final transient DoubleBinaryOperator operator;
  private final double identity;
  private double value;

  Accumulator(DoubleBinaryOperator operator, double identity) {
    super(Double::sum, 0); // what it does is overridden
    this.operator = operator;
    this.identity = identity;
    this.value = identity;
  }

  @Override
  public synchronized void accumulate(double x) {
    value = operator.applyAsDouble(value, x);
  }

  @Override
  public synchronized double get() {
    return value;
  }

  @Override
  public synchronized void reset() {
    value = identity;
  }

  @Override
  public synchronized double getThenReset() {
    double before = value;
    value = identity;
    return before;
  }
}

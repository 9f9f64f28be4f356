package dev.fluxion.grad.runtime;

import java.util.concurrent.atomic.DoubleAdder;

/** A sum that threads share, in plain Java, which is differentiated where the platform's is not. */
final class Adder extends DoubleAdder {
  private static final long serialVersionUID = 1L;

  private double total;

  @Override
  public synchronized void add(double x) {
    total += x;
  }

  @Override
  public synchronized double sum() {
    return total;
  }

  @Override
  public synchronized void reset() {
    total = 0;
  }

  @Override
  public synchronized double sumThenReset() {
    double before = total;
    total = 0;
    return before;
  }
}

package dev.fluxion.grad.library;

/** Counts in a place that all share, which is in a class of its own. */
public class CentralMeter extends Meter {
  @Override
  protected void start(double amount) {
    Counted.total[0] = amount;
  }

  @Override
  protected double count(double amount) {
    Counted.total[0] += amount;
    return Counted.total[0];
  }
}

class Counted {
  static final double[] total = {0};

  private Counted() {}
}

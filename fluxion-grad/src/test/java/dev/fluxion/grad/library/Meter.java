package dev.fluxion.grad.library;

/** Counts by a method that its heirs write. */
public abstract class Meter {
  /** What is counted, twice as much the second time. */
  public final double read(double amount) {
    start(amount);
    return count(amount) + 2 * count(amount * amount);
  }

  /** Lets what has been counted be an amount. */
  protected abstract void start(double amount);

  /** Counts an amount; gives all that has been counted. */
  protected abstract double count(double amount);
}

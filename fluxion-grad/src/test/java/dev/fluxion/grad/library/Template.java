package dev.fluxion.grad.library;

/** A class for subclasses, which use what is protected. */
public abstract class Template {
  /** How often a function was called. */
  protected static int calls;

  /** A factor. */
  protected double factor;

  /** What is summed. */
  protected double sum;

  /** A template with a factor. */
  protected Template(double factor) {
    this.factor = factor;
  }

  /** The function. */
  protected abstract double value(double x);

  /** Counts a call. */
  protected void count() {
    calls++;
  }

  /** Counts a call. */
  protected static void countOnce() {
    calls++;
  }

  /** Adds to the sum. */
  protected void add(double x) {
    sum += factor * x;
  }

  /** The value twice. */
  public double twice(double x) {
    return 2 * value(x);
  }
}

package dev.fluxion.grad.runtime;

/**
 * A sum by Kahan's method, as the platform's streams and statistics do it, and of how many numbers
 * it is. Plain Java, which is differentiated.
 */
final class Sum {
  private long count;
  private double sum;
  private double lost; // of the numbers, by rounding
  private double simple;

  /** Adds a number. */
  void accept(double x) {
    count++;
    simple += x;
    add(x);
  }

  /** Adds the numbers of another sum. */
  void combine(Sum more) {
    count += more.count;
    simple += more.simple;
    add(more.sum);
    add(-more.lost);
  }

  private void add(double x) {
    double y = x - lost;
    double next = sum + y;
    lost = (next - sum) - y;
    sum = next;
  }

  long count() {
    return count;
  }

  /** The sum; infinite where that of numbers added one by one is: what is lost then is NaN. */
  double value() {
    double result = sum - lost;
    return Double.isNaN(result) && Double.isInfinite(simple) ? simple : result;
  }

  /** The mean, or zero of no numbers. */
  double average() {
    return count > 0 ? value() / count : 0;
  }
}

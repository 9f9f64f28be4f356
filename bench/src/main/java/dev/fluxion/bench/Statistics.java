package dev.fluxion.bench;

import java.util.Arrays;
import java.util.Collection;

/** What is said of several times. */
final class Statistics {
  private Statistics() {}

  static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double min(Collection<Double> values) {
    return Arrays.stream(values.stream().mapToDouble(Double::doubleValue).toArray())
        .min()
        .orElse(Double.NaN);
  }

  /** The difference of two numbers as a share of the greater. */
  static double relativeDifference(double a, double b) {
    if (a == b) {
      return 0;
    }
    return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  }
}

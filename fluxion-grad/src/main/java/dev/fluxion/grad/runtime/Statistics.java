package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Grad;
import java.util.DoubleSummaryStatistics;

/**
 * Statistics in plain Java, which is differentiated where the platform's are not. What the platform
 * keeps of them is kept too, for code that is not followed.
 */
final class Statistics extends DoubleSummaryStatistics {
  private long count;
  private double sum;
  private double lost; // of the sum, by Kahan's method
  private double simple;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  private static void acceptAsPlatform(Statistics statistics, double x) {
    statistics.acceptAsPlatform(x);
  }

  private void acceptAsPlatform(double x) {
    super.accept(x);
  }

  @Override
  public void accept(double x) {
    acceptAsPlatform(Grad.stopGradient(this), Grad.stopGradient(x));
    count++;
    simple += x;
    add(x);
    min = Math.min(min, x);
    max = Math.max(max, x);
  }

  @Override
  public void combine(DoubleSummaryStatistics other) {
    combineAsPlatform(Grad.stopGradient(this), Grad.stopGradient(other));
    Statistics more = SummaryMethods.own(other);
    count += more.count;
    simple += more.simple;
    add(more.sum);
    add(-more.lost);
    min = Math.min(min, more.min);
    max = Math.max(max, more.max);
  }

  private static void combineAsPlatform(Statistics statistics, DoubleSummaryStatistics other) {
    statistics.combineAsPlatform(other);
  }

  private void combineAsPlatform(DoubleSummaryStatistics other) {
    super.combine(other);
  }

  private void add(double x) {
    double y = x - lost;
    double next = sum + y;
    lost = (next - sum) - y;
    sum = next;
  }

  double sum() {
    double result = sum - lost;
    return Double.isNaN(result) && Double.isInfinite(simple) ? simple : result;
  }

  double average() {
    return count > 0 ? sum() / count : 0;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  long count() {
    return count;
  }
}

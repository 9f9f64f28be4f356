package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import java.util.DoubleSummaryStatistics;

/**
 * Statistics in plain Java, which is differentiated where the platform's are not. What the platform
 * keeps of them is kept too, for code that is not followed.
 */
final class Statistics extends DoubleSummaryStatistics {
  private final Sum sum = new Sum();
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  @Primitive(Statistics.class)
  private static void acceptAsPlatform(Statistics statistics, double x) {
    statistics.acceptAsPlatform(x);
  }

  private void acceptAsPlatform(double x) {
    super.accept(x);
  }

  @Override
  public void accept(double x) {
    acceptAsPlatform(this, x);
    sum.accept(x);
    min = Math.min(min, x);
    max = Math.max(max, x);
  }

  @Override
  public void combine(DoubleSummaryStatistics other) {
    combineAsPlatform(this, other);
    Statistics more = SummaryMethods.own(other);
    sum.combine(more.sum);
    min = Math.min(min, more.min);
    max = Math.max(max, more.max);
  }

  @Primitive(Statistics.class)
  private static void combineAsPlatform(Statistics statistics, DoubleSummaryStatistics other) {
    statistics.combineAsPlatform(other);
  }

  private void combineAsPlatform(DoubleSummaryStatistics other) {
    super.combine(other);
  }

  double sum() {
    return sum.value();
  }

  double average() {
    return sum.average();
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  long count() {
    return sum.count();
  }
}

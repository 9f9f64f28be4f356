package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.util.DoubleSummaryStatistics;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleBinaryOperator;

/**
 * The platform's objects that sum numbers up: objects in plain Java come in their place, and these
 * methods in the place of theirs.
 */
public final class SummaryMethods {
  private SummaryMethods() {}

  /** {@code new DoubleSummaryStatistics}. */
  public static DoubleSummaryStatistics newDoubleSummaryStatistics() {
    return new Statistics();
  }

  /** {@code new DoubleAdder}. */
  public static DoubleAdder newDoubleAdder() {
    return new Adder();
  }

  /** {@code new DoubleAccumulator}. */
  public static DoubleAccumulator newDoubleAccumulator(
      DoubleBinaryOperator operator, double identity) {
    return new Accumulator(operator, identity);
  }

  /** {@code DoubleSummaryStatistics.accept}. */
  public static void accept(DoubleSummaryStatistics statistics, double x) {
    own(statistics).accept(x);
  }

  /** {@code DoubleSummaryStatistics.combine}. */
  public static void combine(DoubleSummaryStatistics statistics, DoubleSummaryStatistics other) {
    own(statistics).combine(other);
  }

  /** {@code DoubleSummaryStatistics.getSum}. */
  public static double getSum(DoubleSummaryStatistics statistics) {
    return own(statistics).sum();
  }

  /** {@code DoubleSummaryStatistics.getAverage}. */
  public static double getAverage(DoubleSummaryStatistics statistics) {
    return own(statistics).average();
  }

  /** {@code DoubleSummaryStatistics.getMin}. */
  public static double getMin(DoubleSummaryStatistics statistics) {
    return own(statistics).min();
  }

  /** {@code DoubleSummaryStatistics.getMax}. */
  public static double getMax(DoubleSummaryStatistics statistics) {
    return own(statistics).max();
  }

  /** {@code DoubleSummaryStatistics.getCount}. */
  public static long getCount(DoubleSummaryStatistics statistics) {
    return own(statistics).count();
  }

  /** {@code DoubleAdder.add}. */
  public static void add(DoubleAdder adder, double x) {
    own(adder).add(x);
  }

  /** {@code DoubleAdder.sum}. */
  public static double sum(DoubleAdder adder) {
    return own(adder).sum();
  }

  /** {@code DoubleAdder.doubleValue}. */
  public static double doubleValue(DoubleAdder adder) {
    return own(adder).sum();
  }

  /** {@code DoubleAdder.reset}. */
  public static void reset(DoubleAdder adder) {
    own(adder).reset();
  }

  /** {@code DoubleAdder.sumThenReset}. */
  public static double sumThenReset(DoubleAdder adder) {
    return own(adder).sumThenReset();
  }

  /** {@code DoubleAccumulator.accumulate}. */
  public static void accumulate(DoubleAccumulator accumulator, double x) {
    own(accumulator).accumulate(x);
  }

  /** {@code DoubleAccumulator.get}. */
  public static double get(DoubleAccumulator accumulator) {
    return own(accumulator).get();
  }

  /** {@code DoubleAccumulator.doubleValue}. */
  public static double doubleValue(DoubleAccumulator accumulator) {
    return own(accumulator).get();
  }

  /** {@code DoubleAccumulator.reset}. */
  public static void reset(DoubleAccumulator accumulator) {
    own(accumulator).reset();
  }

  /** {@code DoubleAccumulator.getThenReset}. */
  public static double getThenReset(DoubleAccumulator accumulator) {
    return own(accumulator).getThenReset();
  }

  static Statistics own(DoubleSummaryStatistics statistics) {
    if (statistics instanceof Statistics own) {
      return own;
    }
    throw notFollowed("DoubleSummaryStatistics");
  }

  private static Adder own(DoubleAdder adder) {
    if (adder instanceof Adder own) {
      return own;
    }
    throw notFollowed("DoubleAdder");
  }

  private static Accumulator own(DoubleAccumulator accumulator) {
    if (accumulator instanceof Accumulator own) {
      return own;
    }
    throw notFollowed("DoubleAccumulator");
  }

  private static GradientException notFollowed(String type) {
    return new GradientException(
        "cannot differentiate through a "
            + type
            + " that was made by code that is not differentiated, before or outside; make it in the"
            + " function, or wrap it in Grad.stopGradient if what it sums up is a constant");
  }
}

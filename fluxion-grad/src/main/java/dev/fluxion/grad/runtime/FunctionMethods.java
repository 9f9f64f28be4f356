package dev.fluxion.grad.runtime;

import java.util.Objects;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/** Methods by which the platform's interfaces compose functions of numbers, in plain Java. */
@SuppressWarnings("overloads") // as the interfaces have them
public final class FunctionMethods {
  private FunctionMethods() {}

  /** {@code DoubleUnaryOperator.identity}. */
  public static DoubleUnaryOperator identity() {
    return t -> t;
  }

  /** {@code DoubleUnaryOperator.andThen}. */
  public static DoubleUnaryOperator andThen(DoubleUnaryOperator f, DoubleUnaryOperator after) {
    Objects.requireNonNull(after);
    return t -> after.applyAsDouble(f.applyAsDouble(t));
  }

  /** {@code DoubleUnaryOperator.compose}. */
  public static DoubleUnaryOperator compose(DoubleUnaryOperator f, DoubleUnaryOperator before) {
    Objects.requireNonNull(before);
    return t -> f.applyAsDouble(before.applyAsDouble(t));
  }

  /** {@code DoubleConsumer.andThen}. */
  public static DoubleConsumer andThen(DoubleConsumer f, DoubleConsumer after) {
    Objects.requireNonNull(after);
    return t -> {
      f.accept(t);
      after.accept(t);
    };
  }

  /** {@code DoublePredicate.and}. */
  public static DoublePredicate and(DoublePredicate f, DoublePredicate other) {
    Objects.requireNonNull(other);
    return t -> f.test(t) && other.test(t);
  }

  /** {@code DoublePredicate.or}. */
  public static DoublePredicate or(DoublePredicate f, DoublePredicate other) {
    Objects.requireNonNull(other);
    return t -> f.test(t) || other.test(t);
  }

  /** {@code DoublePredicate.negate}. */
  public static DoublePredicate negate(DoublePredicate f) {
    return t -> !f.test(t);
  }
}

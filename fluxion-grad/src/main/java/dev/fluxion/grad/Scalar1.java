package dev.fluxion.grad;

/** A function of a double; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar1 extends ScalarFunction {
  /** The function's value. */
  double apply(double x);
}

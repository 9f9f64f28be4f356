package dev.fluxion.grad;

/** A function of two doubles; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar2 extends ScalarFunction {
  /** The function's value. */
  double apply(double x, double y);
}

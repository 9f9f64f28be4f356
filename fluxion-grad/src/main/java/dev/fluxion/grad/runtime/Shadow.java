package dev.fluxion.grad.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The shadow of an object: the adjoints of its floating-point fields, and the shadows of what its
 * reference fields point to.
 *
 * <p>The shadow of a lone value that is used as an object, such as a boxed double in an {@code
 * Object} variable, is a shadow with one number or one reference.
 */
public final class Shadow {
  /** Adjoints of the fields of type float and double. */
  public final double[] numbers;

  /** Shadows, or adjoints where the field's type is a vector space; null stands for zero. */
  public final @Nullable Object[] references;

  /** What this is the shadow of, if that has been met outside of transformed code. */
  @Nullable Object primal;

  /** Whether that went into code that is not looked into as a constant. */
  boolean isConstant;

  /** Whether what this is the shadow of stands for something else too, with another derivative. */
  boolean isAmbiguous;

  /** A shadow that is zero. */
  public Shadow(int numbers, int references) {
    this.numbers = new double[numbers];
    this.references = new Object[references];
  }
}

package dev.fluxion.grad;

/**
 * A value whose derivative is a value of its own class, such as a tensor.
 *
 * <p>Differentiation treats an implementing class as it treats a {@code double}: a value has an
 * adjoint, adjoints add up with {@link #plus}, and the class brings the rules of its methods with
 * {@link Primitive}.
 *
 * @param <T> the implementing class itself
 */
public interface VectorSpace<T extends VectorSpace<T>> {
  /** The sum of this value and another of the same shape. */
  T plus(T other);

  /** The zero that has this value's shape. */
  T zero();

  /** The number that a value with a single element holds: what a loss is. */
  double item();
}

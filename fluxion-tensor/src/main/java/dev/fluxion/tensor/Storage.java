package dev.fluxion.tensor;

/**
 * Where a tensor's elements are: in arrays to compute with, as bytes of a narrow type, in the
 * factors of matrix products that are still to be computed, in what they follow from quickly, in
 * slices of them, in another order, or in one number that is all of them.
 */
sealed interface Storage
    permits Buffer, ChannelsLast, Deferred, Mapped, Packed, Placed, Products, Repeated {
  DType type();

  int size();

  /** The elements in arrays to compute with. */
  Buffer buffer();

  /** The bytes of the elements in the memory of the JVM, in the machine's order. */
  Packed packed();

  /** Says that a tensor, or what will be computed, holds it, for where it may change in place. */
  default void hold() {}

  /** Says that the elements may be read after the derivative that runs now has ended. */
  void keep();
}

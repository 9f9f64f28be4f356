package dev.fluxion.tensor;

/** Where a tensor's elements are: in arrays to compute with, or as bytes of a narrow type. */
sealed interface Storage permits Buffer, Packed {
  DType type();

  int size();

  /** The elements in arrays to compute with. */
  Buffer buffer();

  /** The bytes of the elements in the memory of the JVM, in the machine's order. */
  Packed packed();
}

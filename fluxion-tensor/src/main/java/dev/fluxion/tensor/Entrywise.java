package dev.fluxion.tensor;

/** A function of one or two numbers that is applied to tensors element by element. */
sealed interface Entrywise permits Unary, Binary {
  /** What errors call it. */
  String name();

  /** About how many times the work of an addition it is. */
  int cost();
}

package dev.fluxion.tensor;

/**
 * What stands beyond the ends of an axis when {@link Tensor#pad(Padding, int, int, int)} pads it.
 */
public enum Padding {
  /** The entries from behind the end inwards: {@code c b | a b c | b a}. */
  REFLECT,
  /** The entries from the end inwards: {@code b a | a b c | c b}. */
  SYMMETRIC,
  /** The entry at the end: {@code a a | a b c | c c}. */
  REPLICATE,
  /** The entries of the other end: {@code b c | a b c | a b}. */
  CIRCULAR;

  /** The entry that stands at an index, which may lie outside. */
  int source(int index, int size) {
    return switch (this) {
      case REFLECT -> index < 0 ? -index : index < size ? index : 2 * size - 2 - index;
      case SYMMETRIC -> index < 0 ? -1 - index : index < size ? index : 2 * size - 1 - index;
      case REPLICATE -> Math.clamp(index, 0, size - 1);
      case CIRCULAR -> Math.floorMod(index, size);
    };
  }

  /** By how much an axis can be padded at each end. */
  int most(int size) {
    return switch (this) {
      case REFLECT -> Math.max(0, size - 1);
      case SYMMETRIC -> size;
      case REPLICATE, CIRCULAR -> size == 0 ? 0 : Integer.MAX_VALUE / 4;
    };
  }
}

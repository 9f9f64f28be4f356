package dev.fluxion.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Many elements that a function or several operations make of those of others, computed only if
 * something needs them: their sum is taken piece by piece, and they are written to no memory.
 */
final class Mapped extends Lent implements Storage {
  /** Fewer elements stay in a cache, from where they are as soon read again. */
  static final int FEWEST = 1 << 20;

  private final DType type;
  private final int size;
  private final Work work;
  private final Tensor[] inputs;
  private volatile @Nullable Buffer made;

  /** Computes elements. */
  interface Work {
    /** Computes all of them. */
    void run(Buffer to);

    /** What computes some of them at a time, or null where there is nothing that does. */
    @Nullable Part part();
  }

  /** Computes the elements from an index up to another. */
  interface Part {
    void run(int start, int end, Buffer to);
  }

  /**
   * Elements.
   *
   * @param inputs what they are computed from, which nothing assigns to meanwhile
   */
  Mapped(DType type, int size, Work work, Tensor[] inputs) {
    this.type = type;
    this.size = size;
    this.work = work;
    this.inputs = inputs;
  }

  /** An input as it is now. It is computed, if it waits too, or there would be ever more to do. */
  static Tensor given(Tensor input) {
    if (input.elements() instanceof Mapped) {
      input.buffer();
    }
    return new Tensor(input.dimensions(), input.elements());
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Buffer buffer() {
    Buffer known = made;
    if (known == null) {
      known = Buffer.unset(type, size);
      work.run(known);
      made = remembered(known);
    }
    return known;
  }

  /** The sum of all elements, or null where they are there, or are not computed in parts. */
  @Nullable Buffer sum() {
    Part part = made == null ? work.part() : null;
    return part == null
        ? null
        : Reductions.sum(
            type,
            size,
            most -> {
              Buffer piece = Buffer.unset(type, most);
              return (start, end) -> {
                part.run(start, end, piece);
                return Reductions.sum(piece, 0, end - start);
              };
            });
  }

  @Override
  public void keep() {
    keep(made);
    for (Tensor input : inputs) {
      input.elements().keep();
    }
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }
}

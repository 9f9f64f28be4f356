package dev.fluxion.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Elements that are quickly computed from others that are there anyway, and so are computed only if
 * something needs them: of what a forward sweep keeps, the reverse sweep often needs but the shape,
 * or can compute it in the {@link Segment} that reads it.
 */
final class Deferred extends Lent implements Storage {
  /** Fewer elements are as soon computed as remembered. */
  static final int FEWEST = 4096;

  /** A function that costs more is not computed twice. */
  static final int MOST_COST = 2;

  private final int[] shape;
  private final DType type;
  private final Entrywise function;
  private final Object first;
  private final Object second;
  private volatile @Nullable Buffer made;

  /**
   * Elements.
   *
   * @param first the tensor that is its first operand
   * @param second the second operand, a tensor or a number, or the first one again
   */
  Deferred(int[] shape, DType type, Entrywise function, Object first, Object second) {
    this.shape = shape;
    this.type = type;
    this.function = function;
    this.first = first;
    this.second = second;
  }

  Entrywise function() {
    return function;
  }

  Object first() {
    return first;
  }

  Object second() {
    return second;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public int size() {
    return Shapes.count(shape);
  }

  @Override
  public Buffer buffer() {
    Buffer known = made;
    if (known == null) {
      Tensor a = (Tensor) first;
      Tensor result =
          switch (function) {
            case Unary f -> Elementwise.map(f, a);
            case Binary f when second instanceof Tensor b -> Elementwise.zip(f, a, b);
            case Binary f -> Elementwise.zip(f, a, ((Number) second).doubleValue());
          };
      known = Elementwise.broadcastTo(result, shape).buffer();
      made = remembered(known);
    }
    return known;
  }

  @Override
  public void keep() {
    keep(made);
    ((Tensor) first).elements().keep();
    if (second instanceof Tensor b) {
      b.elements().keep();
    }
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }
}

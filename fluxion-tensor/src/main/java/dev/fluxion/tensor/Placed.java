package dev.fluxion.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Zeros in which slices of an axis are set, computed when its elements are needed: the cotangent of
 * what is split into parts is a sum of such, one for each part, and becomes one array rather than
 * one for each.
 */
final class Placed extends Lent implements Storage {
  /** Fewer elements are as soon set as remembered. */
  private static final int FEWEST = 128;

  private static final int GRAIN = 1 << 16;

  private final int[] shape;
  private final int axis;
  private final Part[] parts; // in order, and apart from each other
  private volatile @Nullable Buffer made;

  /** A part, and where on the axis it begins. */
  private record Part(Tensor elements, int from, int to) {}

  private Placed(int[] shape, int axis, Part... parts) {
    this.shape = shape;
    this.axis = axis;
    this.parts = parts;
  }

  /** Zeros of a shape with a slice of an axis set. Slices of slices might be nested deeply. */
  static Tensor of(Tensor part, int[] shape, int axis, int from) {
    Storage elements = part.elements() instanceof Placed slices ? slices.buffer() : part.elements();
    Tensor now = new Tensor(part.dimensions(), elements); // the part may be assigned to
    Placed placed = new Placed(shape, axis, new Part(now, from, from + now.size(axis)));
    return new Tensor(shape, placed.size() < FEWEST ? placed.buffer() : placed);
  }

  /** The sum of two tensors whose slices lie apart from each other, or null. */
  static @Nullable Tensor sum(Tensor left, Tensor right) {
    if (!(left.elements() instanceof Placed a)
        || !(right.elements() instanceof Placed b)
        || a.type() != b.type()
        || a.axis != b.axis
        || !Shapes.areEqual(a.shape, b.shape)
        || !Shapes.areEqual(left.dimensions(), a.shape)
        || !Shapes.areEqual(right.dimensions(), b.shape)) {
      return null;
    }
    Part[] all = merged(a.parts, b.parts);
    return all == null ? null : new Tensor(a.shape, new Placed(a.shape, a.axis, all));
  }

  /** The parts of both in order, or null if some overlap. */
  private static Part @Nullable [] merged(Part[] left, Part[] right) {
    Part[] all = new Part[left.length + right.length];
    int i = 0;
    int j = 0;
    for (int k = 0; k < all.length; k++) {
      boolean isLeft = j == right.length || (i < left.length && left[i].from < right[j].from);
      all[k] = isLeft ? left[i++] : right[j++];
      if (k > 0 && all[k].from < all[k - 1].to) {
        return null;
      }
    }
    return all;
  }

  @Override
  public DType type() {
    return parts[0].elements.dtype();
  }

  @Override
  public int size() {
    return Shapes.count(shape);
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }

  @Override
  public void keep() {
    keep(made);
    for (Part part : parts) {
      part.elements.elements().keep();
    }
  }

  @Override
  public Buffer buffer() {
    Buffer known = made;
    if (known == null) {
      known = remembered(elements());
      made = known;
    }
    return known;
  }

  private Buffer elements() {
    int set = 0;
    for (Part part : parts) {
      set += part.to - part.from;
    }
    Buffer to = set == shape[axis] ? Buffer.unset(type(), size()) : new Buffer(type(), size());
    int inner = Shapes.product(shape, axis + 1, shape.length);
    int row = shape[axis] * inner;
    for (Part part : parts) {
      Buffer from = part.elements.buffer();
      int run = (part.to - part.from) * inner;
      Parallel.ranges(
          Shapes.product(shape, 0, axis),
          GRAIN / Math.max(1, run),
          (start, end) -> {
            for (int i = start; i < end; i++) {
              to.copy(from, i * run, i * row + part.from * inner, run);
            }
          });
    }
    return to;
  }
}

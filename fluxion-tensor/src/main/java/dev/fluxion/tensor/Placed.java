package dev.fluxion.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zeros in which slices of an axis are set, computed when its elements are needed: the cotangent of
 * what is split into parts is a sum of such, one for each part, and becomes one array rather than
 * one for each.
 */
final class Placed extends Lent implements Storage {
  /** Fewer elements are as soon set as remembered. */
  private static final int FEWEST = 1024;

  private static final int GRAIN = 1 << 16;

  private final int[] shape;
  private final int axis;
  private final List<Part> parts; // in order, and apart from each other
  private volatile @Nullable Buffer made;

  /** A part, and where on the axis it begins. */
  private record Part(Tensor elements, int from, int to) {}

  private Placed(int[] shape, int axis, List<Part> parts) {
    this.shape = shape;
    this.axis = axis;
    this.parts = parts;
  }

  /** Zeros of a shape with a slice of an axis set. Slices of slices might be nested deeply. */
  static Tensor of(Tensor part, int[] shape, int axis, int from) {
    Storage elements = part.elements() instanceof Placed slices ? slices.buffer() : part.elements();
    Tensor now = new Tensor(part.dimensions(), elements); // the part may be assigned to
    Placed placed = new Placed(shape, axis, List.of(new Part(now, from, from + now.size(axis))));
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
    List<Part> all = new ArrayList<>(a.parts);
    all.addAll(b.parts);
    all.sort(Comparator.comparingInt(Part::from));
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i).from < all.get(i - 1).to) {
        return null;
      }
    }
    return new Tensor(a.shape, new Placed(a.shape, a.axis, List.copyOf(all)));
  }

  @Override
  public DType type() {
    return parts.getFirst().elements.dtype();
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
    parts.forEach(part -> part.elements.elements().keep());
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
    int set = parts.stream().mapToInt(part -> part.to - part.from).sum();
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

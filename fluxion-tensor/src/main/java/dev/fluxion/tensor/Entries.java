package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * Entries of an axis, or single elements, in any order and as often as wanted; and the adjoints of
 * both, which add up what goes to one place. Each is linear and the other's pullback, so the two
 * pairs are closed under differentiation.
 *
 * <p>The index {@link #NOTHING} takes a zero from nowhere, and gives to nowhere.
 */
final class Entries {
  static final int NOTHING = -1;

  private static final int GRAIN = 1 << 15;

  private Entries() {}

  @Primitive(Rules.class)
  static Tensor take(Tensor x, int axis, int[] indices) {
    int[] shape = x.dimensions();
    int at = Shapes.axis("gather", axis, shape);
    int size = shape[at];
    for (int index : indices) {
      if (index < NOTHING || index >= size) {
        throw outside("gather", index, shape, at);
      }
    }
    int[] target = shape.clone();
    target[at] = indices.length;
    Buffer to = new Buffer(x.dtype(), Shapes.count(target));
    int run = Shapes.product(shape, at + 1, shape.length);
    int outer = Shapes.product(shape, 0, at);
    Buffer from = x.buffer();
    Parallel.ranges(
        outer * indices.length,
        GRAIN / Math.max(1, run),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            int index = indices[i % indices.length];
            if (index != NOTHING) {
              to.copy(from, (i / indices.length * size + index) * run, i * run, run);
            }
          }
        });
    return new Tensor(target, to);
  }

  /** Zeros with that size of an axis, to which entries are added. */
  @Primitive(Rules.class)
  static Tensor add(Tensor part, int axis, int[] indices, int size) {
    int[] shape = part.dimensions();
    int at = Shapes.axis("scatter", axis, shape);
    if (shape[at] != indices.length) {
      throw new ShapeException(
          "scatter of shape "
              + ShapeException.text(shape)
              + " to "
              + indices.length
              + " indices: axis "
              + at
              + " must have as many entries");
    }
    int[] target = shape.clone();
    target[at] = size;
    for (int index : indices) {
      if (index < NOTHING || index >= size) {
        throw outside("scatter", index, target, at);
      }
    }
    Buffer to = new Buffer(part.dtype(), Shapes.count(target));
    int run = Shapes.product(shape, at + 1, shape.length);
    int outer = Shapes.product(shape, 0, at);
    Buffer entries = part.buffer();
    Parallel.ranges(
        outer,
        GRAIN / Math.max(1, run * indices.length),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            for (int k = 0; k < indices.length; k++) {
              if (indices[k] != NOTHING) {
                int from = (i * indices.length + k) * run;
                to.scatterAdd(entries, from, (i * size + indices[k]) * run, 1, run);
              }
            }
          }
        });
    return new Tensor(target, to);
  }

  /** The elements at these positions of the row-major order, in a shape. */
  @Primitive(Rules.class)
  static Tensor elements(Tensor x, int[] positions, int[] shape) {
    Buffer from = x.buffer();
    Buffer to = new Buffer(x.dtype(), positions.length);
    Parallel.ranges(
        positions.length,
        GRAIN,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            if (positions[i] != NOTHING) {
              to.copy(from, positions[i], i, 1);
            }
          }
        });
    return new Tensor(shape.clone(), to);
  }

  /** Zeros of a shape, to which elements are added at positions of the row-major order. */
  @Primitive(Rules.class)
  static Tensor addElements(Tensor part, int[] positions, int[] shape) {
    Buffer from = part.buffer();
    Buffer to = new Buffer(part.dtype(), Shapes.count(shape));
    for (int i = 0; i < positions.length; i++) {
      if (positions[i] != NOTHING) {
        to.scatterAdd(from, i, positions[i], 1, 1);
      }
    }
    return new Tensor(shape.clone(), to);
  }

  static ShapeException outside(String name, int index, int[] shape, int axis) {
    return new ShapeException(
        name
            + " with index "
            + index
            + " of shape "
            + ShapeException.text(shape)
            + ": axis "
            + axis
            + " has the indices 0 to "
            + (shape[axis] - 1));
  }

  /** Both pairs of adjoints. */
  static final class Rules {
    private Rules() {}

    @Pullback(of = "take")
    static Tensor take(Tensor x, int axis, int[] indices, Tensor y, Tensor dy) {
      return areNeighbours(indices)
          ? Rearrangements.place(dy, x.dimensions(), axis, indices[0])
          : Entries.add(dy, axis, indices, x.size(axis));
    }

    /** Whether entries are a slice. */
    @Primitive(Rules.class)
    static boolean areNeighbours(int[] indices) {
      for (int i = 0; i < indices.length; i++) {
        if (indices[i] == NOTHING || indices[i] != indices[0] + i) {
          return false;
        }
      }
      return indices.length > 0;
    }

    @Pushforward(of = "take")
    static Tensor takeForward(Tensor x, int axis, int[] indices, Tensor y, Tensor dx) {
      return Entries.take(dx, axis, indices);
    }

    @Pullback(of = "add")
    static Tensor add(Tensor part, int axis, int[] indices, int size, Tensor y, Tensor dy) {
      return Entries.take(dy, axis, indices);
    }

    @Pushforward(of = "add")
    static Tensor addForward(Tensor part, int axis, int[] indices, int size, Tensor y, Tensor d) {
      return Entries.add(d, axis, indices, size);
    }

    @Pullback(of = "elements")
    static Tensor elements(Tensor x, int[] positions, int[] shape, Tensor y, Tensor dy) {
      return Entries.addElements(dy, positions, x.dimensions());
    }

    @Pushforward(of = "elements")
    static Tensor elementsForward(Tensor x, int[] positions, int[] shape, Tensor y, Tensor dx) {
      return Entries.elements(dx, positions, shape);
    }

    @Pullback(of = "addElements")
    static Tensor addElements(Tensor part, int[] positions, int[] shape, Tensor y, Tensor dy) {
      return Entries.elements(dy, positions, part.dimensions());
    }

    @Pushforward(of = "addElements")
    static Tensor addElementsForward(
        Tensor part, int[] positions, int[] shape, Tensor y, Tensor d) {
      return Entries.addElements(d, positions, shape);
    }
  }
}

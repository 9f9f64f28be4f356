package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/** Running totals along an axis. */
final class Scans {
  private Scans() {}

  /** Sums of what came before and the element itself; reversed, of what comes after. */
  @Primitive(Rules.class)
  static Tensor sums(Tensor summands, int axis, boolean reversed) {
    Tensor x = wide(summands);
    int[] shape = x.dimensions();
    int at = Shapes.axis("cumsum", axis, shape);
    int size = shape[at];
    int inner = Shapes.product(shape, at + 1, shape.length);
    Buffer from = x.buffer();
    Buffer to = new Buffer(x.dtype(), x.size());
    Buffer sums = new Buffer(from.isWhole() ? DType.INT64 : DType.FLOAT64, inner);
    for (int row = 0; row < Shapes.product(shape, 0, at); row++) {
      sums.fill(0, inner, 0);
      for (int k = 0; k < size; k++) {
        int start = (row * size + (reversed ? size - 1 - k : k)) * inner;
        if (from.isWhole()) {
          sums.scatterAdd(from, start, 0, 1, inner);
          to.copy(sums, 0, start, inner);
          continue;
        }
        for (int i = 0; i < inner; i++) {
          sums.doubles[i] += from.get(start + i);
          to.set(start + i, sums.doubles[i]);
        }
      }
    }
    return new Tensor(shape, to);
  }

  /** Whole numbers and truth values are added up and multiplied in 64 bits. */
  static Tensor wide(Tensor x) {
    return x.dtype().isFloatingPoint() ? x : x.cast(DType.INT64);
  }

  /** An associative function of two tensors, such as a product or a maximum. */
  interface Joined {
    Tensor of(Tensor earlier, Tensor later);
  }

  /**
   * Running results of an associative function, in a logarithmic number of steps (Hillis and
   * Steele, 1986): each step joins every entry with the one that lies twice as far before.
   */
  static Tensor running(Joined f, Tensor x, int axis) {
    int size = x.size(axis);
    Tensor y = x;
    for (int step = 1; step < size; step *= 2) {
      Tensor joined = f.of(y.slice(axis, 0, size - step), y.slice(axis, step, size));
      y = y.slice(axis, 0, step).concat(joined, axis);
    }
    return y;
  }

  /** All entries of an axis, which stays with size 1, joined in pairs: exact where some are 0. */
  static Tensor total(Joined f, Tensor x, int axis) {
    Tensor y = x;
    for (int size = x.size(axis); size > 1; size = (size + 1) / 2) {
      int half = size / 2;
      Tensor joined = f.of(y.slice(axis, 0, half), y.slice(axis, half, 2 * half));
      y = size % 2 == 0 ? joined : joined.concat(y.slice(axis, size - 1, size), axis);
    }
    return y;
  }

  /** A running sum and the one from the other end are adjoint. */
  static final class Rules {
    private Rules() {}

    @Pullback(of = "sums")
    static Tensor sums(Tensor x, int axis, boolean reversed, Tensor y, Tensor dy) {
      return Scans.sums(dy, axis, !reversed);
    }

    @Pushforward(of = "sums")
    static Tensor sumsForward(Tensor x, int axis, boolean reversed, Tensor y, Tensor dx) {
      return Scans.sums(dx, axis, reversed);
    }
  }
}

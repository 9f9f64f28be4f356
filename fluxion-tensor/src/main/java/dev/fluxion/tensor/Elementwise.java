package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;

/** Applies functions of one or two numbers to tensors, stretching shapes as NumPy does. */
final class Elementwise {
  /** From this many elements on, vector instructions pay for what they cost to start. */
  static final int WORTH_VECTORS = 64;

  /** So many additions are worth another thread. */
  static final int GRAIN = 1 << 16;

  /** Loops are called for so many elements at a time: many calls make HotSpot compile them soon. */
  private static final int RUN = 4096;

  private Elementwise() {}

  static Tensor map(Unary f, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      return WholeNumbers.map(f, x);
    }
    Tensor turned = ChannelsLast.stored(x);
    if (turned != null) {
      return ChannelsLast.back(map(f, turned));
    }
    Buffer values = map(f, x.buffer());
    return new Tensor(x.dimensions(), f.isTruth() ? values.as(DType.BOOL) : values);
  }

  static Buffer map(Unary f, Buffer from) {
    Buffer to = Buffer.unset(from.type(), from.size());
    mapTo(f, from, to);
    return to;
  }

  static void mapTo(Unary f, Buffer from, Buffer to) {
    Parallel.ranges(from.size(), GRAIN / f.cost(), (start, end) -> mapTo(f, from, to, start, end));
  }

  /** The elements with some indices, on this thread. */
  static void mapTo(Unary f, Buffer from, Buffer to, int start, int end) {
    Unary.Loops loops = f.loops(from.size());
    for (int i = start; i < end; i += RUN) {
      int stop = Math.min(end, i + RUN);
      if (from.isFloat32()) {
        loops.run(from.floats, i, to.floats, i, stop - i);
      } else {
        loops.run(from.doubles, i, to.doubles, i, stop - i);
      }
    }
  }

  /** A function of a tensor and a number. */
  static Tensor zip(Binary f, Tensor a, double b) {
    if (!a.dtype().isFloatingPoint()) {
      return WholeNumbers.zip(f, a, b);
    }
    return same(f, a, b);
  }

  /** A function of a tensor and a number for one of the two types that are computed with. */
  static Tensor same(Binary f, Tensor a, double b) {
    if (a.elements() instanceof Repeated all && !f.isTruth()) {
      Tensor one = same(f, new Tensor(new int[0], all.one()), b);
      return new Tensor(a.dimensions(), Repeated.of(one.buffer(), all.size()));
    }
    Tensor turned = ChannelsLast.stored(a);
    if (turned != null) {
      return ChannelsLast.back(same(f, turned, b));
    }
    Buffer number = new Buffer(a.dtype(), 1);
    number.set(0, b);
    Buffer to = result(f, a.dtype(), a.size());
    flat(f, a.buffer(), 1, number, 0, to);
    return new Tensor(a.dimensions(), f.isTruth() ? to.as(DType.BOOL) : to);
  }

  /** Which share of a cotangent the first of two has when the greater gets it: 0, ½ or 1. */
  @Primitive(ForwardRules.class)
  static Tensor share(Tensor a, Tensor b) {
    return zip(Functions.SHARE_GREATER, a, b);
  }

  static Tensor zip(Binary f, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype() || !a.dtype().isFloatingPoint()) {
      return WholeNumbers.zip(f, a, b);
    }
    return same(f, a, b);
  }

  /** A function of two tensors of one of the types that are computed with in floats or doubles. */
  static Tensor same(Binary f, Tensor a, Tensor b) {
    if (ChannelsLast.isIn(a) || ChannelsLast.isIn(b)) {
      Tensor first = ChannelsLast.turned(a);
      Tensor second = ChannelsLast.turned(b);
      if (first != null && second != null) {
        return ChannelsLast.back(same(f, first, second));
      }
    }
    int[] p = a.dimensions();
    int[] q = b.dimensions();
    boolean isAlike = Shapes.areEqual(p, q);
    int[] shape = isAlike ? p : Shapes.broadcast(f.name(), p, q);
    Buffer to = result(f, a.dtype(), isAlike ? a.size() : Shapes.count(shape));
    if (isAlike) {
      boolean isOne = a.elements() instanceof Repeated;
      boolean isOther = b.elements() instanceof Repeated;
      flat(f, few(a), isOne ? 0 : 1, few(b), isOther ? 0 : 1, to);
    } else if (a.size() == to.size() && b.size() == to.size()) { // but for axes of size 1
      flat(f, a.buffer(), 1, b.buffer(), 1, to);
    } else if (to.size() > 0) {
      if (b.size() == 1) {
        flat(f, a.buffer(), 1, b.buffer(), 0, to);
      } else if (a.size() == 1) {
        flat(f, a.buffer(), 0, b.buffer(), 1, to);
      } else {
        stretched(f, a, b, shape, to);
      }
    }
    return new Tensor(shape, f.isTruth() ? to.as(DType.BOOL) : to);
  }

  /** The elements, or the only number among them. */
  static Buffer few(Tensor x) {
    return x.elements() instanceof Repeated all ? all.one() : x.buffer();
  }

  /** Loops over floats write truth values at once; those over doubles write doubles. */
  private static Buffer result(Binary f, DType type, int size) {
    return Buffer.unset(f.isTruth() && type != DType.FLOAT64 ? DType.BOOL : type, size);
  }

  /** A tangent of an argument stretched to a result, in its type. */
  @Primitive(ReductionRules.class)
  static Tensor along(Tensor d, Tensor result) {
    return typed(broadcastTo(d, result.dimensions()), result.dtype());
  }

  /** A cotangent of a result summed to an argument's shape, in its type. */
  @Primitive(ReductionRules.class)
  static Tensor toward(Tensor d, Tensor argument) {
    return typed(d.sumTo(argument.dimensions()), argument.dtype());
  }

  /** Whole numbers have neither tangents nor cotangents. */
  private static Tensor typed(Tensor d, DType type) {
    return d.dtype() == type
        ? d
        : type.isFloatingPoint() ? d.cast(type) : Tensor.zeros(type, d.dimensions());
  }

  private static void flat(Binary f, Buffer a, int da, Buffer b, int db, Buffer to) {
    Binary.Loops loops = f.loops(to.size());
    Parallel.ranges(
        to.size(),
        GRAIN / f.cost(),
        (start, end) -> run(loops, a, start * da, da, b, start * db, db, to, start, end - start));
  }

  private static void run(
      Binary.Loops loops,
      Buffer a,
      int i,
      int da,
      Buffer b,
      int j,
      int db,
      Buffer to,
      int k,
      int count) {
    if (to.isFloat32()) {
      loops.run(a.floats, i, da, b.floats, j, db, to.floats, k, count);
    } else {
      loops.run(a.doubles, i, da, b.doubles, j, db, to.doubles, k, count);
    }
  }

  /** Axes that both tensors walk alike are one; the last of what is left is the inner loop. */
  private static void stretched(Binary f, Tensor a, Tensor b, int[] shape, Buffer to) {
    int[] p = Shapes.strides(a.dimensions(), shape);
    int[] q = Shapes.strides(b.dimensions(), shape);
    int[] sizes = new int[shape.length];
    int[] left = new int[shape.length];
    int[] right = new int[shape.length];
    int rank = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 1) {
        continue;
      }
      boolean joins =
          rank > 0
              && left[rank - 1] == p[axis] * shape[axis]
              && right[rank - 1] == q[axis] * shape[axis];
      if (joins) {
        sizes[rank - 1] *= shape[axis];
        left[rank - 1] = p[axis];
        right[rank - 1] = q[axis];
      } else {
        sizes[rank] = shape[axis];
        left[rank] = p[axis];
        right[rank++] = q[axis];
      }
    }
    int last = rank - 1;
    int count = sizes[last];
    int da = left[last];
    int db = right[last];
    int[] outer = Arrays.copyOf(sizes, last);
    int[] outerLeft = Arrays.copyOf(left, last);
    int[] outerRight = Arrays.copyOf(right, last);
    Buffer x = a.buffer();
    Buffer y = b.buffer();
    Binary.Loops loops = f.loops(count);
    Parallel.ranges(
        to.size() / count,
        GRAIN / f.cost() / count,
        (start, end) -> {
          Odometer odometer = new Odometer(outer, outerLeft, outerRight);
          odometer.jump(start);
          for (int row = start; row < end; row++) {
            run(loops, x, odometer.at(0), da, y, odometer.at(1), db, to, row * count, count);
            odometer.advance();
          }
        });
  }

  /** A tensor stretched to a shape. */
  static Tensor broadcastTo(Tensor x, int[] target) {
    int[] from = x.dimensions();
    if (Shapes.areEqual(from, target)) {
      return x;
    }
    if (!Shapes.areEqual(Shapes.broadcast("broadcastTo", target, from), target)) {
      throw new ShapeException(
          "broadcastTo of "
              + ShapeException.text(from)
              + " to "
              + ShapeException.text(target)
              + ": a dimension of the target would have to stretch");
    }
    if (x.size() == 1) {
      return new Tensor(target.clone(), Repeated.of(x.buffer(), Shapes.count(target)));
    }
    Buffer to = Buffer.unset(x.dtype(), Shapes.count(target));
    if (to.size() > 0) {
      stretch(x, target, to);
    }
    return new Tensor(target.clone(), to);
  }

  private static void stretch(Tensor x, int[] target, Buffer to) {
    Buffer from = x.buffer();
    int[] strides = Shapes.strides(x.dimensions(), target);
    int axis = target.length; // the run of last axes that are walked alike
    int count = 1;
    int step = -1;
    while (axis > 0) {
      int stride = strides[axis - 1];
      boolean isLike = target[axis - 1] == 1 || stride == (step == 0 ? 0 : count);
      if (step < 0 && target[axis - 1] != 1) {
        step = stride == 0 ? 0 : 1;
        isLike = true;
      }
      if (!isLike) {
        break;
      }
      count *= target[--axis];
    }
    int[] outer = Arrays.copyOf(target, axis);
    int[] steps = Arrays.copyOf(strides, axis);
    boolean isCopied = step == 1;
    int run = count;
    Parallel.ranges(
        to.size() / run,
        GRAIN / run,
        (start, end) -> {
          Odometer odometer = new Odometer(outer, steps);
          odometer.jump(start);
          for (int row = start; row < end; row++) {
            if (isCopied) {
              to.copy(from, odometer.at(0), row * run, run);
            } else {
              to.fill(row * run, (row + 1) * run, from, odometer.at(0));
            }
            odometer.advance();
          }
        });
  }
}

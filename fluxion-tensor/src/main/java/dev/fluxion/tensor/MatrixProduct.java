package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;

/**
 * Matrix products: cut into blocks, shared out to the cores, done by oneDNN, OpenBLAS or in plain
 * Java.
 */
final class MatrixProduct {
  /** Larger blocks of the result are no faster, smaller ones copy the factors more often. */
  private static final int SIDE = 512;

  /**
   * So many multiplications take some milliseconds on one core, for which the collector may have to
   * wait. Fewer at a time are slower: each time the result is read and written once more.
   */
  private static final int MOST_AT_ONCE = 1 << 28;

  /** Below this many multiplications, waking another thread costs more than it saves. */
  private static final long WORTH_SHARING = 2_000_000;

  /** How a product is cut depends on its size alone, and so do the last bits of the result. */
  private static final int MOST_PIECES = 8;

  /** From so many multiplications on, oneDNN's product is the faster one. */
  private static final long WORTH_ONEDNN = 1 << 16;

  private static final int LEAST_SIDE = 8;

  private MatrixProduct() {}

  /** {@code c += op(a) op(b)}, on all cores when that is worth it. */
  static void multiply(Block a, Block b, Block c, int rows, int columns, int inner) {
    multiply(a, b, c, rows, columns, inner, true);
  }

  /**
   * A product, on all cores when that is worth it.
   *
   * @param adds whether it is added to what is there; else that is overwritten
   */
  private static void multiply(
      Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    long work = (long) rows * columns * inner;
    if (work < WORTH_SHARING) {
      multiplyHere(a, b, c, rows, columns, inner, adds);
    } else {
      share(a, b, c, rows, columns, inner, adds);
    }
  }

  private static void share(
      Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    int pieces = Math.clamp((long) rows * columns * inner / WORTH_SHARING, 2, MOST_PIECES);
    int height = Math.min(SIDE, height(rows, columns, pieces));
    int down = Math.ceilDiv(rows, height);
    int width = Math.min(SIDE, share(columns, Math.max(1, pieces / down)));
    int across = Math.ceilDiv(columns, width);
    Parallel.tasks(
        down * across,
        index -> {
          int row = index / across * height;
          int column = index % across * width;
          multiplyHere(
              a.at(row, 0),
              b.at(0, column),
              c.at(row, column),
              Math.min(height, rows - row),
              Math.min(width, columns - column),
              inner,
              adds);
        });
  }

  /** The rows of each of so many pieces that are as nearly square as can be. */
  private static int height(int rows, int columns, int pieces) {
    int best = rows;
    int least = Integer.MAX_VALUE;
    for (int down = 1; down <= pieces; down *= 2) {
      int height = share(rows, down);
      int sides = height + share(columns, Math.max(1, pieces / down));
      if (sides < least) {
        least = sides;
        best = height;
      }
    }
    return best;
  }

  /** An equal part of a length, in whole vectors. */
  private static int share(int length, int pieces) {
    return Math.max(16, Math.ceilDiv(Math.ceilDiv(length, pieces), 16) * 16);
  }

  /** {@code c += op(a) op(b)} on this thread. */
  static void multiplyHere(Block a, Block b, Block c, int rows, int columns, int inner) {
    multiplyHere(a, b, c, rows, columns, inner, true);
  }

  private static void multiplyHere(
      Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    if (rows == 0 || columns == 0) {
      return;
    }
    if (rows <= SIDE && columns <= SIDE && inner <= depth(rows, columns)) {
      multiplyBlock(a, b, c, rows, columns, inner, adds);
    } else {
      multiplyBlocks(a, b, c, rows, columns, inner, adds);
    }
  }

  /** How many rows of the right factor are taken at a time; for plain Java, what a cache holds. */
  private static int depth(int rows, int columns) {
    return NativeMath.hasBlas() ? MOST_AT_ONCE / (rows * columns) : SIDE;
  }

  private static void clear(Block c, int rows, int columns) {
    if (columns == c.stride()) {
      c.buffer().fill(c.offset(), c.offset() + rows * columns, 0);
      return;
    }
    for (int i = 0; i < rows; i++) {
      int from = c.offset() + i * c.stride();
      c.buffer().fill(from, from + columns, 0);
    }
  }

  private static void multiplyBlocks(
      Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    int most = depth(Math.min(SIDE, rows), Math.min(SIDE, columns));
    for (int row = 0; row < rows; row += SIDE) {
      for (int column = 0; column < columns; column += SIDE) {
        for (int k = 0; k < inner; k += most) {
          Block left = a.at(row, k);
          Block right = b.at(k, column);
          Block to = c.at(row, column);
          int height = Math.min(SIDE, rows - row);
          int width = Math.min(SIDE, columns - column);
          int depth = Math.min(most, inner - k);
          multiplyBlock(left, right, to, height, width, depth, adds || k > 0);
        }
      }
    }
  }

  /** Thin products and those of float64 are OpenBLAS's, which is faster at them. */
  private static void multiplyBlock(
      Block a, Block b, Block c, int rows, int columns, int inner, boolean adds) {
    boolean isForOneDnn =
        c.buffer().isFloat32()
            && Math.min(rows, columns) >= LEAST_SIDE
            && (long) rows * columns * inner >= WORTH_ONEDNN;
    if (isForOneDnn && NativeMath.hasOneDnn()) {
      OneDnn.multiply(a, b, c, rows, columns, inner, adds);
      return;
    }
    if (!adds) {
      clear(c, rows, columns);
    }
    if (c.buffer().type().isWhole()) {
      multiplyWhole(a, b, c, rows, columns, inner);
    } else if (NativeMath.hasBlas()) {
      OpenBlas.multiply(a, b, c, rows, columns, inner);
    } else {
      multiplyPlain(a, b, c, rows, columns, inner);
    }
  }

  /** Whole numbers wrap around, as they do in sums and products. */
  private static void multiplyWhole(Block a, Block b, Block c, int rows, int columns, int inner) {
    Block left = a.transposed() ? straight(a, rows, inner) : a;
    Block right = b.transposed() ? straight(b, inner, columns) : b;
    long[] y = right.buffer().longs;
    long[] z = c.buffer().longs;
    for (int i = 0; i < rows; i++) {
      int to = c.offset() + i * c.stride();
      for (int k = 0; k < inner; k++) {
        long factor = left.buffer().longs[left.offset() + i * left.stride() + k];
        int from = right.offset() + k * right.stride();
        for (int j = 0; j < columns; j++) {
          z[to + j] += factor * y[from + j];
        }
      }
      for (int j = 0; j < columns; j++) {
        z[to + j] = Casts.wrapped(z[to + j], c.buffer().type());
      }
    }
  }

  /** In plain Java: loops along rows, four at a time, which C2 turns into vector instructions. */
  static void multiplyPlain(Block a, Block b, Block c, int rows, int columns, int inner) {
    Block left = a.transposed() ? straight(a, rows, inner) : a;
    Block right = b.transposed() ? straight(b, inner, columns) : b;
    for (int i = 0; i < rows; i++) {
      int x = left.offset() + i * left.stride();
      int z = c.offset() + i * c.stride();
      int k = 0;
      for (; k + 4 <= inner; k += 4) {
        int y = right.offset() + k * right.stride();
        if (c.buffer().isFloat32()) {
          addRows(
              left.buffer().floats,
              x + k,
              right.buffer().floats,
              y,
              right.stride(),
              c.buffer().floats,
              z,
              columns);
        } else {
          addRows(
              left.buffer().doubles,
              x + k,
              right.buffer().doubles,
              y,
              right.stride(),
              c.buffer().doubles,
              z,
              columns);
        }
      }
      for (; k < inner; k++) {
        int y = right.offset() + k * right.stride();
        c.buffer().addScaled(left.buffer().get(x + k), right.buffer(), y, z, columns);
      }
    }
  }

  private static void addRows(
      float[] a, int x, float[] b, int y, int stride, float[] c, int z, int columns) {
    float a0 = a[x];
    float a1 = a[x + 1];
    float a2 = a[x + 2];
    float a3 = a[x + 3];
    int y1 = y + stride;
    int y2 = y1 + stride;
    int y3 = y2 + stride;
    for (int j = 0; j < columns; j++) {
      c[z + j] += a0 * b[y + j] + a1 * b[y1 + j] + a2 * b[y2 + j] + a3 * b[y3 + j];
    }
  }

  private static void addRows(
      double[] a, int x, double[] b, int y, int stride, double[] c, int z, int columns) {
    double a0 = a[x];
    double a1 = a[x + 1];
    double a2 = a[x + 2];
    double a3 = a[x + 3];
    int y1 = y + stride;
    int y2 = y1 + stride;
    int y3 = y2 + stride;
    for (int j = 0; j < columns; j++) {
      c[z + j] += a0 * b[y + j] + a1 * b[y1 + j] + a2 * b[y2 + j] + a3 * b[y3 + j];
    }
  }

  /** A copy of a block that is stored transposed, in the order meant. */
  private static Block straight(Block block, int rows, int columns) {
    Buffer copy = new Buffer(block.buffer().type(), rows * columns);
    for (int j = 0; j < columns; j++) {
      copy.scatter(block.buffer(), block.offset() + j * block.stride(), j, columns, rows);
    }
    return new Block(copy, 0, columns, false);
  }

  /** The product of tensors as matrices, with stretched leading dimensions; either transposed. */
  @Primitive(PullbackRules.class)
  static Tensor of(Tensor a, boolean flipA, Tensor b, boolean flipB) {
    int[] p = a.dimensions();
    int[] q = b.dimensions();
    if (p.length < 2 || q.length < 2) {
      throw new ShapeException(
          "matmul of "
              + ShapeException.text(p)
              + " and "
              + ShapeException.text(q)
              + ": matrices, or batches of them, are expected; reshape a vector first");
    }
    int rows = p[p.length - (flipA ? 1 : 2)];
    int inner = p[p.length - (flipA ? 2 : 1)];
    int columns = q[q.length - (flipB ? 2 : 1)];
    if (inner != q[q.length - (flipB ? 1 : 2)]) {
      throw new ShapeException(
          "matmul of "
              + ShapeException.text(p)
              + " and "
              + ShapeException.text(q)
              + ": the first's columns and the second's rows differ in number");
    }
    DType.requireSame("matmul", a, b);
    if (a.dtype() == DType.BOOL) {
      throw DType.notFloatingPoint("matmul", a);
    }
    boolean isOne = p.length == 2 && q.length == 2;
    return isOne
        ? one(a, flipA, b, flipB, rows, columns, inner)
        : batch(a, flipA, b, flipB, rows, columns, inner);
  }

  private static Tensor one(
      Tensor a, boolean flipA, Tensor b, boolean flipB, int rows, int columns, int inner) {
    Block x = new Block(a.buffer(), 0, Math.max(1, a.dimensions()[1]), flipA);
    Block y = new Block(b.buffer(), 0, Math.max(1, b.dimensions()[1]), flipB);
    int[] shape = {rows, columns};
    if (a.dtype().isFloatingPoint() && Products.canWait(rows, columns, inner)) {
      return new Tensor(shape, Products.product(x, y, rows, columns, inner));
    }
    return new Tensor(shape, product(x, y, rows, columns, inner));
  }

  private static Buffer product(Block a, Block b, int rows, int columns, int inner) {
    DType type = a.buffer().type();
    int size = Shapes.count(new int[] {rows, columns});
    if (inner == 0) {
      return new Buffer(type, size);
    }
    Buffer to = Buffer.unset(type, size);
    multiply(a, b, new Block(to, 0, Math.max(1, columns), false), rows, columns, inner, false);
    return to;
  }

  private static Tensor batch(
      Tensor a, boolean flipA, Tensor b, boolean flipB, int rows, int columns, int inner) {
    int[] p = a.dimensions();
    int[] q = b.dimensions();
    if (q.length == 2 && !flipA && inner > 0) { // one product of all rows
      int all = Shapes.count(p) / inner;
      Block x = new Block(a.buffer(), 0, inner, false);
      Block y = new Block(b.buffer(), 0, Math.max(1, q[1]), flipB);
      int[] shape = p.clone();
      shape[p.length - 1] = columns;
      return new Tensor(shape, product(x, y, all, columns, inner));
    }
    int strideA = Math.max(1, p[p.length - 1]);
    int strideB = Math.max(1, q[q.length - 1]);
    int[] left = Arrays.copyOf(p, p.length - 2);
    int[] right = Arrays.copyOf(q, q.length - 2);
    int[] batch = Shapes.broadcast("matmul", left, right);
    int[] shape = Arrays.copyOf(batch, batch.length + 2);
    shape[batch.length] = rows;
    shape[batch.length + 1] = columns;
    if (rows == 0 || columns == 0 || inner == 0) {
      return new Tensor(shape, new Buffer(a.dtype(), Shapes.count(shape)));
    }
    Buffer to = Buffer.unset(a.dtype(), Shapes.count(shape));
    Buffer x = a.buffer();
    Buffer y = b.buffer();
    int count = Shapes.count(batch);
    int[] starts = Shapes.offsets(left, batch);
    int[] starts2 = Shapes.offsets(right, batch);
    if (count == 1) {
      multiply(
          new Block(x, 0, strideA, flipA),
          new Block(y, 0, strideB, flipB),
          new Block(to, 0, columns, false),
          rows,
          columns,
          inner,
          false);
      return new Tensor(shape, to);
    }
    long each = Math.max(1, (long) rows * columns * inner);
    Parallel.ranges(
        count,
        Math.clamp(WORTH_SHARING / 2 / each, 1, count),
        (from, end) -> {
          for (int i = from; i < end; i++) {
            multiplyHere(
                new Block(x, starts[i] * rows * inner, strideA, flipA),
                new Block(y, starts2[i] * inner * columns, strideB, flipB),
                new Block(to, i * rows * columns, columns, false),
                rows,
                columns,
                inner,
                false);
          }
        });
    return new Tensor(shape, to);
  }

  /** The cotangent of the left factor: {@code dy b'}. */
  static Tensor inLeft(Tensor a, Tensor b, Tensor dy) {
    return of(dy, false, b, true).sumTo(a.dimensions());
  }

  /** The cotangent of the right factor: {@code a' dy}, for one matrix over all rows at once. */
  static Tensor inRight(Tensor a, Tensor b, Tensor dy) {
    if (b.rank() == 2 && a.rank() > 2 && a.size() > 0) {
      int inner = a.size(-1);
      int rows = a.size() / inner;
      return of(a.reshape(rows, inner), true, dy.reshape(rows, dy.size(-1)), false);
    }
    return of(a, true, dy, false).sumTo(b.dimensions());
  }
}

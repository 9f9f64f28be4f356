package dev.fluxion.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Elements of images, (batch, channels, height, width), in an order in which the channels come
 * last: the one in which a library's convolutions give and take them. Operations that work element
 * by element, sums and normalisation keep it, so that between two convolutions nothing is put into
 * another order; all others find the elements in the usual one.
 */
final class ChannelsLast extends Lent implements Storage {
  private static final int RANK = 4;
  private static final int[] TO_LAST = {0, 2, 3, 1};
  private static final int[] FROM_LAST = {0, 3, 1, 2};
  private static final int GRAIN = 1 << 16;

  private final Tensor turned; // (batch, height, width, channels)
  private final int[] shape;
  private volatile @Nullable Buffer plain;

  private ChannelsLast(Tensor turned) {
    this.turned = turned;
    this.shape = reordered(turned.dimensions(), FROM_LAST);
  }

  /** Whether images have their channels last; reshaped they do not count as images. */
  static boolean isIn(Tensor x) {
    return stored(x) != null;
  }

  /** Images as they are stored, if it is with their channels as the last axis, or null. */
  static @Nullable Tensor stored(Tensor x) {
    return x.elements() instanceof ChannelsLast last && Shapes.areEqual(last.shape, x.dimensions())
        ? last.turned
        : null;
  }

  /** Images of (batch, height, width, channels) as ones of (batch, channels, height, width). */
  static Tensor images(Tensor turned) {
    ChannelsLast last = new ChannelsLast(turned);
    return new Tensor(last.shape, last);
  }

  // ---------------------------------------------------------------- there and back

  /**
   * Operands of an operation that stretches them to one shape, with their channels as the last axis
   * of three or four; null where none is in this order, or one has no such form.
   *
   * @param operands tensors, and perhaps other things, which stay
   * @param count how many there are of them, in front of what else the array holds
   */
  static @Nullable Object @Nullable [] turned(@Nullable Object[] operands, int count) {
    boolean isTurned = false;
    for (int i = 0; i < count && !isTurned; i++) {
      isTurned = operands[i] instanceof Tensor x && isIn(x);
    }
    for (int i = 0; i < count && isTurned; i++) {
      isTurned = !(operands[i] instanceof Tensor x) || hasTurned(x.dimensions());
    }
    if (!isTurned) {
      return null;
    }
    @Nullable Object[] all = operands.clone();
    for (int i = 0; i < count; i++) {
      if (all[i] instanceof Tensor x) {
        all[i] = turned(x);
      }
    }
    return all;
  }

  /** A tensor with its channels as the last axis, or null. */
  static @Nullable Tensor turned(Tensor x) {
    Tensor stored = stored(x);
    if (stored != null) {
      return stored;
    }
    int[] target = turned(x.dimensions());
    if (target == null) {
      return null;
    }
    return isSameOrder(x, TO_LAST) ? new Tensor(target, x.elements()) : moved(x, target);
  }

  /** A shape with the channels last: of images, of something for each channel, or of a number. */
  static int @Nullable [] turned(int[] shape) {
    return !hasTurned(shape) ? null : shape.length == 0 ? shape : reordered(shape, TO_LAST);
  }

  private static boolean hasTurned(int[] shape) {
    return shape.length == 0 || shape.length == 3 || shape.length == RANK;
  }

  /** A result of operands with their channels last as it is without. */
  static Tensor back(Tensor turned) {
    int[] shape = turned.dimensions();
    if (shape.length < 3) {
      return turned;
    }
    if (isSameOrder(turned, FROM_LAST)) {
      return new Tensor(reordered(shape, FROM_LAST), turned.elements());
    }
    return shape.length == RANK ? images(turned) : turned.permute(2, 0, 1);
  }

  /** The sizes of four axes in another order, or of the last three of them. */
  private static int[] reordered(int[] shape, int[] order) {
    int first = RANK - shape.length;
    int[] to = new int[shape.length];
    for (int i = first; i < RANK; i++) {
      to[i - first] = shape[order[i] - first];
    }
    return to;
  }

  /** Whether elements lie alike in both orders: only one axis that moves is longer than 1, say. */
  private static boolean isSameOrder(Tensor x, int[] order) {
    if (x.elements() instanceof Repeated) {
      return true;
    }
    int[] shape = x.dimensions();
    int first = RANK - shape.length;
    int last = -1;
    for (int i = first; i < RANK; i++) {
      int axis = order[i] - first;
      if (shape[axis] == 1) {
        continue;
      }
      if (axis < last) {
        return false;
      }
      last = axis;
    }
    return true;
  }

  /** A tensor in the order with the channels last. */
  private static Tensor moved(Tensor x, int[] target) {
    int[] shape = x.dimensions();
    int rank = shape.length;
    int area = shape[rank - 2] * shape[rank - 1];
    return new Tensor(target, moved(x.buffer(), shape[rank - 3], area));
  }

  /** Matrices of so many rows and columns, transposed. */
  private static Buffer moved(Buffer from, int height, int width) {
    Buffer to = Buffer.unset(from.type(), from.size());
    int size = height * width;
    Parallel.ranges(
        size == 0 ? 0 : from.size() / size,
        GRAIN / Math.max(1, size),
        (start, end) -> {
          for (int i = start; i < end; i++) {
            Rearrangements.transpose(from, i * size, width, to, i * size, width, height);
          }
        });
    return to;
  }

  // ---------------------------------------------------------------- for all other operations

  @Override
  public DType type() {
    return turned.dtype();
  }

  @Override
  public int size() {
    return turned.size();
  }

  @Override
  public Buffer buffer() {
    Buffer known = plain;
    if (known == null) {
      known = moved(turned.buffer(), shape[2] * shape[3], shape[1]);
      plain = remembered(known);
    }
    return known;
  }

  @Override
  public void keep() {
    keep(plain);
    turned.elements().keep();
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }
}

package dev.fluxion.tensor;

/** Sequences of numbers, in order and not. */
final class Ranges {
  private Ranges() {}

  static Tensor arange(double from, double to, double step) {
    if (step == 0 || !Double.isFinite((to - from) / step)) {
      throw new ShapeException("arange from " + from + " to " + to + " in steps of " + step);
    }
    int count = (int) Math.max(0, Math.ceil((to - from) / step));
    Buffer buffer = new Buffer(DType.FLOAT32, count);
    for (int i = 0; i < count; i++) {
      buffer.set(i, from + i * step);
    }
    return new Tensor(new int[] {count}, buffer);
  }

  static Tensor linspace(double first, double last, int count) {
    Buffer buffer = new Buffer(DType.FLOAT32, Shapes.count(new int[] {count}));
    for (int i = 0; i < count; i++) {
      double share = count == 1 ? 0 : (double) i / (count - 1);
      buffer.set(i, first * (1 - share) + last * share);
    }
    return new Tensor(new int[] {count}, buffer);
  }

  /** By sorting random keys; ties, which are rare, stay in order. */
  static int[] permutation(long seed, int count) {
    Buffer keys = new Buffer(DType.FLOAT64, Shapes.count(new int[] {count}));
    Philox.uniform(seed, keys, 0, 1);
    return Indices.sorted(new Tensor(new int[] {count}, keys), 0, false);
  }

  /** By the inverse of the distribution function, applied to uniform numbers. */
  static Tensor truncatedNormal(long seed, int[] shape) {
    Buffer shares = new Buffer(DType.FLOAT64, Shapes.count(shape));
    double tail = 0.5 * Functions.erfc(Math.sqrt(2));
    Philox.uniform(seed, shares, tail, 1 - tail);
    Buffer numbers = new Buffer(DType.FLOAT32, shares.size());
    for (int i = 0; i < shares.size(); i++) {
      double number = Math.sqrt(2) * SpecialFunctions.inverseErf(2 * shares.get(i) - 1);
      numbers.set(i, Math.clamp(number, -2, 2));
    }
    return new Tensor(shape.clone(), numbers);
  }
}

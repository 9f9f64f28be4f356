package dev.fluxion.tensor;

/** Attention of queries to keys (Vaswani et al., 2017). */
public final class Attention {
  private Attention() {}

  /**
   * For each query the values, weighed by {@code softmax(q kᵀ / √d)}.
   *
   * @param q (…, queries, d)
   * @param k (…, keys, d)
   * @param v (…, keys, features)
   * @return (…, queries, features)
   */
  public static Tensor scaledDotProduct(Tensor q, Tensor k, Tensor v) {
    return scores(q, k).softmax().matmul(v);
  }

  /**
   * As {@link #scaledDotProduct(Tensor, Tensor, Tensor)}, but a query sees only the keys where the
   * mask, which stretches to (…, queries, keys), is not 0; one that sees none has the value 0.
   */
  public static Tensor scaledDotProduct(Tensor q, Tensor k, Tensor v, Tensor mask) {
    return Softmax.masked(scores(q, k), mask.notEqualTo(0)).matmul(v);
  }

  private static Tensor scores(Tensor q, Tensor k) {
    if (q.rank() == 0 || k.rank() == 0 || q.size(-1) != k.size(-1)) {
      throw new ShapeException(
          "scaledDotProduct of queries "
              + ShapeException.text(q.shape())
              + " and keys "
              + ShapeException.text(k.shape())
              + ": their last dimensions differ");
    }
    return MatrixProduct.of(q.times(1 / Math.sqrt(q.size(-1))), false, k, true);
  }

  /** The mask (size, size) of a sequence in which each place sees itself and what is before it. */
  public static Tensor causalMask(int size) {
    return Tensor.ones(size, size).lowerTriangle(0);
  }

  /**
   * The features of (batch, places, features) as heads: (batch, heads, places, features / heads).
   */
  public static Tensor split(Tensor x, int heads) {
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }

  /** The heads of {@link #split} side by side again. */
  public static Tensor join(Tensor heads) {
    Tensor x = heads.transpose(1, 2);
    return x.reshape(x.size(0), x.size(1), x.size(2) * x.size(3));
  }
}

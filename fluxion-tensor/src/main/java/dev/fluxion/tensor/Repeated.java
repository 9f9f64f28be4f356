package dev.fluxion.tensor;

/**
 * One number of float32 or float64, so many times: the cotangent of a sum's terms, say, of which
 * most operations need no array.
 */
record Repeated(Buffer one, int size) implements Storage {
  Repeated {
    one.hold();
  }

  /** Fewer numbers are as soon written as remembered. */
  private static final int FEWEST = 1024;

  /** A number so many times, remembered as one if that saves anything. */
  static Storage of(Buffer one, int size) {
    boolean isFloating = one.type() == DType.FLOAT32 || one.type() == DType.FLOAT64;
    Repeated repeated = new Repeated(one, size);
    return isFloating && size >= FEWEST ? repeated : repeated.buffer();
  }

  @Override
  public DType type() {
    return one.type();
  }

  @Override
  public void keep() {
    one.keep();
  }

  @Override
  public Packed packed() {
    return buffer().packed();
  }

  @Override
  public Buffer buffer() {
    Buffer all = new Buffer(type(), size);
    all.fill(0, size, one, 0);
    return all;
  }
}

package dev.fluxion.tensor;

/** The type of a tensor's elements. */
public enum DType {
  /** 32-bit floating point, the default. */
  FLOAT32,
  /** 64-bit floating point. */
  FLOAT64;

  static void requireSame(String name, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(
          name
              + " of "
              + ShapeException.text(a.dimensions())
              + " of "
              + a.dtype()
              + " and "
              + ShapeException.text(b.dimensions())
              + " of "
              + b.dtype()
              + ": cast one of them first");
    }
  }
}

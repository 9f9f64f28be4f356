package dev.fluxion.tensor;

/** Norms, whose slope is 0 where they are 0: never 0 times infinity. */
final class Norms {
  private Norms() {}

  static Tensor root(Tensor squares) {
    return guarded(squares, 0.5);
  }

  static Tensor of(Tensor x, double p, int[] axes, boolean keepDimensions) {
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().max(axes, keepDimensions);
    }
    if (p == Double.NEGATIVE_INFINITY) {
      return x.abs().min(axes, keepDimensions);
    }
    if (p == 0) {
      return x.notEqualTo(0).cast(x.dtype()).sum(axes, keepDimensions);
    }
    if (p == 1) {
      return x.abs().sum(axes, keepDimensions);
    }
    if (p == 2) {
      return root(x.square().sum(axes, keepDimensions));
    }
    return guarded(guarded(x.abs(), p).sum(axes, keepDimensions), 1 / p);
  }

  /** A power that is 0 with slope 0 at 0; both branches of {@code where} are finite there. */
  private static Tensor guarded(Tensor x, double exponent) {
    Tensor isZero = x.equalTo(0);
    Tensor away = Tensor.where(isZero, x.fill(1), x);
    Tensor power = exponent == 0.5 ? away.sqrt() : away.pow(exponent);
    return Tensor.where(isZero, power.zero(), power);
  }
}

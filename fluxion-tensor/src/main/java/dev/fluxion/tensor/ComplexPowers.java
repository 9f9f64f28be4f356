package dev.fluxion.tensor;

/**
 * Powers of complex numbers. Away from 0 they are {@code exp(w log(z))}; at 0, where the logarithm
 * is none, they are what NumPy says: 1 for an exponent of 0, 0 for a positive one, else not a
 * number. Their slopes there are the limits, and not a number for exponents between 0 and 1.
 */
final class ComplexPowers {
  private ComplexPowers() {}

  /** By squaring, which is exact for small numbers and holds at 0. */
  static ComplexTensor whole(ComplexTensor z, long exponent) {
    if (exponent < 0) {
      return whole(z.reciprocal(), -exponent);
    }
    if (exponent == 0) {
      return ComplexTensor.of(z.real().fill(1));
    }
    if (exponent == 1) {
      return z;
    }
    ComplexTensor square = whole(z, exponent / 2).square();
    return exponent % 2 == 0 ? square : square.times(z);
  }

  static ComplexTensor real(ComplexTensor z, double exponent) {
    Tensor isZero = isZero(z);
    ComplexTensor safe = ComplexTensor.where(isZero, ComplexTensor.of(z.real().fill(1)), z);
    ComplexTensor power =
        ComplexTensor.polar(safe.abs().pow(exponent), safe.angle().times(exponent));
    ComplexTensor constant = ComplexTensor.of(z.real().fill(exponent));
    return ComplexTensor.where(isZero, atZero(z, constant), power);
  }

  static ComplexTensor complex(ComplexTensor z, ComplexTensor exponent) {
    Tensor isZero = isZero(z);
    ComplexTensor safe = ComplexTensor.where(isZero, ComplexTensor.of(z.real().fill(1)), z);
    ComplexTensor power = safe.log().times(exponent).exp();
    return ComplexTensor.where(isZero, atZero(z, exponent), power);
  }

  private static Tensor isZero(ComplexTensor z) {
    return z.real().equalTo(0).and(z.imaginary().equalTo(0));
  }

  /** The power where the base is 0, as a function of the base for the slopes' sake. */
  private static ComplexTensor atZero(ComplexTensor z, ComplexTensor exponent) {
    Tensor w = exponent.real();
    Tensor isReal = exponent.imaginary().equalTo(0);
    Tensor isNumber = isReal.and(w.greaterOrEqual(0));
    Tensor isRoot = isReal.and(w.greater(0)).and(w.less(1));
    Tensor isOne = isReal.and(w.equalTo(1));
    Tensor none = w.fill(Double.NaN);
    Tensor value = Tensor.where(isNumber, w.equalTo(0).cast(w.dtype()), none);
    // the root's slope is without bound, and that of its argument 0: their product is no number
    Tensor size = Tensor.where(isRoot, z.abs(), w.fill(1)).sqrt();
    Tensor steep = Tensor.where(isRoot, size, w.zero());
    return new ComplexTensor(
        value.plus(steep).plus(Tensor.where(isOne, z.real(), w.zero())),
        Tensor.where(isNumber, w.zero(), none).plus(Tensor.where(isOne, z.imaginary(), w.zero())));
  }
}

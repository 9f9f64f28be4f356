package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;

/**
 * An array of complex numbers: two tensors of one shape and type, the real and the imaginary parts.
 *
 * <p>Being a record of tensors it is differentiated as any model is. The gradient of a real loss is
 * the complex number of its slopes in the two parts, {@code ∂L/∂x + i ∂L/∂y}, as PyTorch has it:
 * going against it is the steepest descent. Functions take their principal values, cut along the
 * negative real axis.
 *
 * {@snippet file="dev/fluxion/tensor/FourierTest.java" region="complex"}
 *
 * @param real the real parts
 * @param imaginary the imaginary parts
 */
public record ComplexTensor(Tensor real, Tensor imaginary) {
  /** Complex numbers of two parts. */
  public ComplexTensor {
    if (!areParts(real, imaginary)) {
      throw apart(real, imaginary);
    }
  }

  /** A primitive, since a record's constructor is run once more for the derivatives' sake. */
  @Primitive(ReductionRules.class)
  static boolean areParts(Tensor real, Tensor imaginary) {
    return real.dtype() == imaginary.dtype()
        && real.dtype().isFloatingPoint()
        && Arrays.equals(real.dimensions(), imaginary.dimensions());
  }

  @Primitive(ReductionRules.class)
  static ShapeException apart(Tensor real, Tensor imaginary) {
    return new ShapeException(
        "complex numbers of "
            + ShapeException.text(real.dimensions())
            + " of "
            + real.dtype()
            + " and "
            + ShapeException.text(imaginary.dimensions())
            + " of "
            + imaginary.dtype()
            + ": both parts must have one shape and one floating-point type");
  }

  /** Real numbers as complex ones. */
  public static ComplexTensor of(Tensor real) {
    return new ComplexTensor(real, real.zero());
  }

  /** The numbers of a size and an angle in radians. */
  public static ComplexTensor polar(Tensor size, Tensor angle) {
    return new ComplexTensor(size.times(angle.cos()), size.times(angle.sin()));
  }

  /**
   * Numbers whose real and imaginary parts lie beside each other, along a last axis of size 2, as
   * in the memory of other systems.
   */
  public static ComplexTensor ofInterleaved(Tensor pairs) {
    if (pairs.rank() == 0 || pairs.size(-1) != 2) {
      throw new ShapeException(
          "complex numbers of "
              + ShapeException.text(pairs.dimensions())
              + ": the last axis must have size 2, for the real and the imaginary part");
    }
    int[] sizes = Arrays.copyOf(pairs.dimensions(), pairs.rank() - 1);
    return new ComplexTensor(
        pairs.slice(-1, 0, 1).reshape(sizes), pairs.slice(-1, 1, 2).reshape(sizes));
  }

  /** Both parts beside each other, along a new last axis of size 2. */
  public Tensor interleaved() {
    int[] sizes = Arrays.copyOf(real.dimensions(), rank() + 1);
    sizes[rank()] = 1;
    return real.reshape(sizes).concat(imaginary.reshape(sizes), -1);
  }

  /** The size of each dimension. */
  public int[] shape() {
    return real.shape();
  }

  /** The size of a dimension. */
  public int size(int axis) {
    return real.size(axis);
  }

  /** The number of dimensions. */
  public int rank() {
    return real.rank();
  }

  /** The type of both parts: what others call complex64 is of float32, complex128 of float64. */
  public DType dtype() {
    return real.dtype();
  }

  /** The same numbers with parts of another type. */
  public ComplexTensor cast(DType type) {
    return new ComplexTensor(real.cast(type), imaginary.cast(type));
  }

  /** The sum; shapes stretch. */
  public ComplexTensor plus(ComplexTensor other) {
    return new ComplexTensor(real.plus(other.real), imaginary.plus(other.imaginary));
  }

  /** The difference; shapes stretch. */
  public ComplexTensor minus(ComplexTensor other) {
    return new ComplexTensor(real.minus(other.real), imaginary.minus(other.imaginary));
  }

  /** The product, element by element; shapes stretch. */
  public ComplexTensor times(ComplexTensor other) {
    return new ComplexTensor(
        real.times(other.real).minus(imaginary.times(other.imaginary)),
        real.times(other.imaginary).plus(imaginary.times(other.real)));
  }

  /** The quotient, element by element; shapes stretch. */
  public ComplexTensor div(ComplexTensor other) {
    Tensor size = other.abs();
    return times(other.conj().div(size)).div(size);
  }

  /** The product with real numbers; shapes stretch. */
  public ComplexTensor times(Tensor factor) {
    return new ComplexTensor(real.times(factor), imaginary.times(factor));
  }

  /** The quotient by real numbers; shapes stretch. */
  public ComplexTensor div(Tensor divisor) {
    return new ComplexTensor(real.div(divisor), imaginary.div(divisor));
  }

  /** The sum with a real number. */
  public ComplexTensor plus(double term) {
    return new ComplexTensor(real.plus(term), imaginary);
  }

  /** The difference to a real number. */
  public ComplexTensor minus(double term) {
    return new ComplexTensor(real.minus(term), imaginary);
  }

  /** The product with a real number. */
  public ComplexTensor times(double factor) {
    return new ComplexTensor(real.times(factor), imaginary.times(factor));
  }

  /** The quotient by a real number. */
  public ComplexTensor div(double divisor) {
    return new ComplexTensor(real.div(divisor), imaginary.div(divisor));
  }

  /** The negative. */
  public ComplexTensor neg() {
    return new ComplexTensor(real.neg(), imaginary.neg());
  }

  /** The conjugate. */
  public ComplexTensor conj() {
    return new ComplexTensor(real, imaginary.neg());
  }

  /** {@code 1 / z}. */
  public ComplexTensor reciprocal() {
    Tensor size = abs();
    return conj().div(size).div(size);
  }

  /** The square. */
  public ComplexTensor square() {
    return times(this);
  }

  /** The distance from 0, without overflow; its slope at 0 is 0. */
  public Tensor abs() {
    return real.hypot(imaginary);
  }

  /** The angle in radians, from -π to π. */
  public Tensor angle() {
    return imaginary.atan2(real);
  }

  /** The exponential function. */
  public ComplexTensor exp() {
    return polar(real.exp(), imaginary);
  }

  /** The natural logarithm. */
  public ComplexTensor log() {
    return new ComplexTensor(abs().log(), angle());
  }

  /** The square root with a real part that is not negative. */
  public ComplexTensor sqrt() {
    Tensor greater = abs().plus(real.abs()).div(2).sqrt();
    Tensor lesser = imaginary.div(greater.plus(greater.equalTo(0))).div(2);
    Tensor isLeft = real.less(0);
    Tensor signed = Tensor.where(imaginary.less(0), greater.neg(), greater);
    return new ComplexTensor(
        Tensor.where(isLeft, lesser.abs(), greater), Tensor.where(isLeft, signed, lesser));
  }

  /**
   * The power, {@code exp(exponent log(z))}; shapes stretch. At 0 it is 1 for an exponent of 0, 0
   * for a positive one, else not a number.
   */
  public ComplexTensor pow(ComplexTensor exponent) {
    return ComplexPowers.complex(this, exponent);
  }

  /**
   * The power with a real exponent. At 0 it is 1 for an exponent of 0, 0 for a positive one, else
   * not a number; its slope there is not a number for exponents between 0 and 1.
   */
  public ComplexTensor pow(double exponent) {
    return ComplexPowers.real(this, exponent);
  }

  /** The power with a whole exponent, by multiplication: exact for small whole numbers. */
  public ComplexTensor pow(int exponent) {
    return ComplexPowers.whole(this, exponent);
  }

  /** The sine. */
  public ComplexTensor sin() {
    return new ComplexTensor(
        real.sin().times(imaginary.cosh()), real.cos().times(imaginary.sinh()));
  }

  /** The cosine. */
  public ComplexTensor cos() {
    return new ComplexTensor(
        real.cos().times(imaginary.cosh()), real.sin().times(imaginary.sinh()).neg());
  }

  /** The hyperbolic sine. */
  public ComplexTensor sinh() {
    return new ComplexTensor(
        real.sinh().times(imaginary.cos()), real.cosh().times(imaginary.sin()));
  }

  /** The hyperbolic cosine. */
  public ComplexTensor cosh() {
    return new ComplexTensor(
        real.cosh().times(imaginary.cos()), real.sinh().times(imaginary.sin()));
  }

  /** The hyperbolic tangent, without overflow. */
  public ComplexTensor tanh() {
    Tensor side = Tensor.where(real.less(0), real.fill(-1), real.fill(1));
    Tensor power = real.times(side).times(-2).exp(); // at most 1
    Tensor angle = imaginary.times(2);
    Tensor size = angle.cos().times(power).times(2).plus(power.square()).plus(1);
    Tensor sum = real.times(side).times(-4).expm1().neg();
    return new ComplexTensor(
        sum.times(side).div(size), angle.sin().times(power).times(2).div(size));
  }

  /** The sum of all elements, of shape (). */
  public ComplexTensor sum() {
    return new ComplexTensor(real.sum(), imaginary.sum());
  }

  /** The sum over some axes, as {@link Tensor#sum(int[], boolean)}. */
  public ComplexTensor sum(int[] axes, boolean keepDimensions) {
    return new ComplexTensor(real.sum(axes, keepDimensions), imaginary.sum(axes, keepDimensions));
  }

  /** The mean of all elements, of shape (). */
  public ComplexTensor mean() {
    return new ComplexTensor(real.mean(), imaginary.mean());
  }

  /** The product of all elements, of shape (). */
  public ComplexTensor prod() {
    return reshape(real.size()).prod(0, false);
  }

  /**
   * The product over an axis, 1 where it is empty; its derivative is exact where elements are 0
   * too.
   *
   * @param keepDimension whether the axis stays, with size 1
   */
  public ComplexTensor prod(int axis, boolean keepDimension) {
    int size = size(axis);
    if (size == 0) {
      return of(real.prod(axis, keepDimension));
    }
    ComplexTensor rest = this;
    while (size > 1) {
      int half = size / 2;
      ComplexTensor product = rest.slice(axis, 0, half).times(rest.slice(axis, half, 2 * half));
      rest = size % 2 == 0 ? product : product.concat(rest.slice(axis, size - 1, size), axis);
      size -= half;
    }
    return keepDimension ? rest : rest.squeeze(axis);
  }

  /** Whether both parts of an element are equal to the other's: a mask. */
  public Tensor equalTo(ComplexTensor other) {
    return real.equalTo(other.real).and(imaginary.equalTo(other.imaginary));
  }

  /**
   * Whether an element is equal to the other or, where that is finite, {@code |z - other| ≤
   * absolute + relative |other|}: a mask. NumPy's tolerances are 1e-5 and 1e-8.
   */
  public Tensor isClose(ComplexTensor other, double relative, double absolute) {
    Tensor allowed = other.abs().times(relative).plus(absolute);
    Tensor isFinite = other.real.isFinite().and(other.imaginary.isFinite());
    return minus(other).abs().lessOrEqual(allowed).and(isFinite).or(equalTo(other));
  }

  /** Where the mask is not 0 the element of {@code a}, elsewhere that of {@code b}. */
  public static ComplexTensor where(Tensor mask, ComplexTensor a, ComplexTensor b) {
    return new ComplexTensor(
        Tensor.where(mask, a.real, b.real), Tensor.where(mask, a.imaginary, b.imaginary));
  }

  /** The product of matrices, as {@link Tensor#matmul}. */
  public ComplexTensor matmul(ComplexTensor other) {
    return new ComplexTensor(
        real.matmul(other.real).minus(imaginary.matmul(other.imaginary)),
        real.matmul(other.imaginary).plus(imaginary.matmul(other.real)));
  }

  /** Two axes exchanged. */
  public ComplexTensor transpose(int a, int b) {
    return new ComplexTensor(real.transpose(a, b), imaginary.transpose(a, b));
  }

  /** The axes in another order, as {@link Tensor#permute}. */
  public ComplexTensor permute(int... order) {
    return new ComplexTensor(real.permute(order), imaginary.permute(order));
  }

  /** The conjugate with the last two axes exchanged. */
  public ComplexTensor adjoint() {
    return conj().transpose(-1, -2);
  }

  /** The same elements in another shape, as {@link Tensor#reshape}. */
  public ComplexTensor reshape(int... sizes) {
    return new ComplexTensor(real.reshape(sizes), imaginary.reshape(sizes));
  }

  /** The entries of an axis from one up to, not including, another. */
  public ComplexTensor slice(int axis, int from, int to) {
    return new ComplexTensor(real.slice(axis, from, to), imaginary.slice(axis, from, to));
  }

  /**
   * Every so many entries of an axis, from one index up to, not including, another. A negative step
   * goes down: {@code slice(0, size - 1, -1, -1)} turns an axis round.
   */
  public ComplexTensor slice(int axis, int from, int to, int step) {
    return new ComplexTensor(
        real.slice(axis, from, to, step), imaginary.slice(axis, from, to, step));
  }

  /** These numbers without an axis of size 1. */
  public ComplexTensor squeeze(int axis) {
    return new ComplexTensor(real.squeeze(axis), imaginary.squeeze(axis));
  }

  /** The entry of the first axis with this index, without that axis. */
  public ComplexTensor at(int index) {
    return new ComplexTensor(real.at(index), imaginary.at(index));
  }

  /** These numbers and others joined along an axis. */
  public ComplexTensor concat(ComplexTensor other, int axis) {
    return new ComplexTensor(
        real.concat(other.real, axis), imaginary.concat(other.imaginary, axis));
  }

  /** Numbers of one shape as the entries of a new first axis. */
  public static ComplexTensor stack(ComplexTensor... parts) {
    Tensor[] real = new Tensor[parts.length];
    Tensor[] imaginary = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      real[i] = parts[i].real;
      imaginary[i] = parts[i].imaginary;
    }
    return new ComplexTensor(Tensor.stack(real), Tensor.stack(imaginary));
  }

  /** The shape, the type of the parts, and the parts, long axes shortened. */
  @Override
  public String toString() {
    return "ComplexTensor%s of %s %s + i %s"
        .formatted(ShapeException.text(shape()), dtype(), Text.of(real), Text.of(imaginary));
  }
}

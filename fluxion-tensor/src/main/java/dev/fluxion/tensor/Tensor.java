package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.grad.Scalar3;
import dev.fluxion.grad.VectorSpace;
import java.util.Arrays;

/**
 * An n-dimensional array of floats or doubles, in row-major order, batch first.
 *
 * <p>Operations give new tensors; {@link #assign} alone changes one. Shapes stretch as in NumPy: a
 * dimension of size 1, or one that is missing in front, meets any other. A negative axis counts
 * from the last. The operations are differentiable: {@code Grad.gradient} goes through code made of
 * them. Shapes that do not fit raise a {@link ShapeException}, which names the user's line.
 *
 * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="tensor"}
 *
 * <p>Two tensors are equal only when they are the same object, since elements can change.
 */
@Primitive(ForwardRules.class)
public final class Tensor implements VectorSpace<Tensor> {
  private final int[] shape;
  private Buffer buffer;

  Tensor(int[] shape, Buffer buffer) {
    this.shape = shape;
    this.buffer = buffer;
  }

  int[] dimensions() {
    return shape;
  }

  Buffer buffer() {
    return buffer;
  }

  /** A float32 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(float[] data, int... shape) {
    check(data.length, shape);
    return new Tensor(shape.clone(), new Buffer(data.clone()));
  }

  /** A float64 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(double[] data, int... shape) {
    check(data.length, shape);
    return new Tensor(shape.clone(), new Buffer(data.clone()));
  }

  private static void check(int size, int[] shape) {
    if (count(shape) != size) {
      throw new ShapeException(
          size + " elements cannot have the shape " + ShapeException.text(shape));
    }
  }

  static int count(int[] shape) {
    return Shapes.count(shape);
  }

  /** A float32 tensor of zeros. */
  @Primitive(ElementwiseRules.class)
  public static Tensor zeros(int... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** A tensor of zeros. */
  @Primitive(ElementwiseRules.class)
  public static Tensor zeros(DType type, int... shape) {
    return new Tensor(shape.clone(), new Buffer(type, count(shape)));
  }

  /** A float32 tensor of ones. */
  @Primitive(ElementwiseRules.class)
  public static Tensor ones(int... shape) {
    return full(1, shape);
  }

  /** A float32 tensor all of whose elements are the value. */
  @Primitive(ElementwiseRules.class)
  public static Tensor full(double value, int... shape) {
    return full(DType.FLOAT32, value, shape);
  }

  /** A tensor all of whose elements are the value. */
  @Primitive(ElementwiseRules.class)
  public static Tensor full(DType type, double value, int... shape) {
    Buffer to = new Buffer(type, count(shape));
    to.fill(0, to.size(), value);
    return new Tensor(shape.clone(), to);
  }

  /** The float32 numbers 0, 1, … up to, not including, the count, as a vector. */
  @Primitive(ElementwiseRules.class)
  public static Tensor arange(int count) {
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = i;
    }
    return new Tensor(new int[] {count}, new Buffer(data));
  }

  /** The identity matrix of a size, float32. */
  @Primitive(ElementwiseRules.class)
  public static Tensor eye(int size) {
    Buffer to = new Buffer(DType.FLOAT32, count(new int[] {size, size}));
    for (int i = 0; i < size; i++) {
      to.set(i * size + i, 1);
    }
    return new Tensor(new int[] {size, size}, to);
  }

  /**
   * Float32 numbers drawn uniformly from {@code low} to {@code high}. The same seed gives the same
   * numbers on every machine, and the numbers of different seeds are independent.
   */
  @Primitive(ElementwiseRules.class)
  public static Tensor uniform(long seed, double low, double high, int... shape) {
    Buffer to = new Buffer(DType.FLOAT32, count(shape));
    Philox.uniform(seed, to, low, high);
    return new Tensor(shape.clone(), to);
  }

  /** Float32 numbers drawn from a normal distribution, as {@link #uniform} draws them. */
  @Primitive(ElementwiseRules.class)
  public static Tensor normal(long seed, double mean, double deviation, int... shape) {
    Buffer to = new Buffer(DType.FLOAT32, count(shape));
    Philox.normal(seed, to, mean, deviation);
    return new Tensor(shape.clone(), to);
  }

  /** For each label a float32 row of zeros with a 1 in the label's column: (labels, classes). */
  @Primitive(ElementwiseRules.class)
  public static Tensor oneHot(int[] labels, int classes) {
    return Rearrangements.oneHot(labels, classes);
  }

  /** The size of each dimension. */
  @Primitive(ElementwiseRules.class)
  public int[] shape() {
    return shape.clone();
  }

  /** The size of a dimension. */
  @Primitive(ElementwiseRules.class)
  public int size(int axis) {
    return shape[Shapes.axis("size", axis, shape)];
  }

  /** The number of elements. */
  @Primitive(ElementwiseRules.class)
  public int size() {
    return buffer.size();
  }

  /** The number of dimensions. */
  @Primitive(ElementwiseRules.class)
  public int rank() {
    return shape.length;
  }

  /** The type of the elements. */
  @Primitive(ElementwiseRules.class)
  public DType dtype() {
    return buffer.type();
  }

  /** The same numbers in another type, rounded to the nearest when it is narrower. */
  @Primitive(ElementwiseRules.class)
  public Tensor cast(DType type) {
    return new Tensor(shape, buffer.as(type));
  }

  /** The elements as floats. */
  @Primitive(ElementwiseRules.class)
  public float[] toFloatArray() {
    float[] floats = buffer.as(DType.FLOAT32).floats;
    return floats == buffer.floats ? floats.clone() : floats;
  }

  /** The elements as doubles. */
  @Primitive(ElementwiseRules.class)
  public double[] toDoubleArray() {
    double[] doubles = buffer.as(DType.FLOAT64).doubles;
    return doubles == buffer.doubles ? doubles.clone() : doubles;
  }

  /** The only element of a tensor that has one. */
  @Override
  @Primitive(ElementwiseRules.class)
  public double item() {
    if (buffer.size() != 1) {
      throw new ShapeException("item of shape " + ShapeException.text(shape) + ": not one element");
    }
    return buffer.get(0);
  }

  /** A tensor of this one's shape and type, all of whose elements are 0. */
  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor zero() {
    return new Tensor(shape, new Buffer(buffer.type(), buffer.size()));
  }

  /** A tensor of this one's shape and type, all of whose elements are the value. */
  @Primitive(ElementwiseRules.class)
  public Tensor fill(double value) {
    Buffer to = new Buffer(buffer.type(), buffer.size());
    to.fill(0, to.size(), value);
    return new Tensor(shape, to);
  }

  /**
   * Takes over the elements of a tensor of the same shape, in this one's type: the one operation
   * that changes a tensor. Tensors made from this one before keep the old elements.
   */
  public void assign(Tensor other) {
    if (!Arrays.equals(shape, other.shape)) {
      throw new ShapeException(
          "assign of shape "
              + ShapeException.text(other.shape)
              + " to "
              + ShapeException.text(shape));
    }
    buffer = other.buffer.as(dtype());
  }

  /** The sum. */
  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor plus(Tensor other) {
    return Elementwise.zip(Functions.PLUS, this, other);
  }

  /** The difference. */
  @Primitive(ElementwiseRules.class)
  public Tensor minus(Tensor other) {
    return Elementwise.zip(Functions.MINUS, this, other);
  }

  /** The product, element by element. */
  @Primitive(ElementwiseRules.class)
  public Tensor times(Tensor other) {
    return Elementwise.zip(Functions.TIMES, this, other);
  }

  /** The quotient, element by element. */
  @Primitive(ElementwiseRules.class)
  public Tensor div(Tensor other) {
    return Elementwise.zip(Functions.DIV, this, other);
  }

  /** The power, element by element. */
  @Primitive(ElementwiseRules.class)
  public Tensor pow(Tensor exponent) {
    return Elementwise.zip(Functions.POW, this, exponent);
  }

  /** The sum with a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor plus(double term) {
    return Elementwise.zip(Functions.PLUS, this, term);
  }

  /** The difference from a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor minus(double term) {
    return Elementwise.zip(Functions.MINUS, this, term);
  }

  /** The product with a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor times(double factor) {
    return Elementwise.zip(Functions.TIMES, this, factor);
  }

  /** The quotient by a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor div(double divisor) {
    return Elementwise.zip(Functions.DIV, this, divisor);
  }

  /** The power with a number as exponent. */
  @Primitive(ElementwiseRules.class)
  public Tensor pow(double exponent) {
    return Elementwise.zip(Functions.POW, this, exponent);
  }

  /** The greater of two elements, NaN if one is; at a tie each has half of the derivative. */
  @Primitive(ElementwiseRules.class)
  public Tensor maximum(Tensor other) {
    return Elementwise.zip(Functions.MAXIMUM, this, other);
  }

  /** The lesser of two elements, NaN if one is; at a tie each has half of the derivative. */
  @Primitive(ElementwiseRules.class)
  public Tensor minimum(Tensor other) {
    return Elementwise.zip(Functions.MINIMUM, this, other);
  }

  /** Each element, but at least {@code low} and at most {@code high}. */
  @Primitive(ElementwiseRules.class)
  public Tensor clamp(double low, double high) {
    return Elementwise.zip(Functions.MINIMUM, Elementwise.zip(Functions.MAXIMUM, this, low), high);
  }

  /** The negative. */
  @Primitive(ElementwiseRules.class)
  public Tensor neg() {
    return Elementwise.map(Functions.NEG, this);
  }

  /** The absolute value; its derivative at 0 is 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor abs() {
    return Elementwise.map(Functions.ABS, this);
  }

  /** -1, 0 or 1. */
  @Primitive(ElementwiseRules.class)
  public Tensor sign() {
    return Elementwise.map(Functions.SIGN, this);
  }

  /** The greatest whole number that is not greater. */
  @Primitive(ElementwiseRules.class)
  public Tensor floor() {
    return Elementwise.map(Functions.FLOOR, this);
  }

  /** The least whole number that is not less. */
  @Primitive(ElementwiseRules.class)
  public Tensor ceil() {
    return Elementwise.map(Functions.CEIL, this);
  }

  /** The nearest whole number, the even one of two. */
  @Primitive(ElementwiseRules.class)
  public Tensor round() {
    return Elementwise.map(Functions.ROUND, this);
  }

  /** The square. */
  @Primitive(ElementwiseRules.class)
  public Tensor square() {
    return Elementwise.map(Functions.SQUARE, this);
  }

  /** The square root. */
  @Primitive(ElementwiseRules.class)
  public Tensor sqrt() {
    return Elementwise.map(Functions.SQRT, this);
  }

  /** {@code 1 / sqrt(x)}. */
  @Primitive(ElementwiseRules.class)
  public Tensor rsqrt() {
    return Elementwise.map(Functions.RSQRT, this);
  }

  /** The exponential function. */
  @Primitive(ElementwiseRules.class)
  public Tensor exp() {
    return Elementwise.map(Functions.EXP, this);
  }

  /** {@code exp(x) - 1}, exact near 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor expm1() {
    return Elementwise.map(Functions.EXPM1, this);
  }

  /** The natural logarithm. */
  @Primitive(ElementwiseRules.class)
  public Tensor log() {
    return Elementwise.map(Functions.LOG, this);
  }

  /** {@code log(1 + x)}, exact near 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor log1p() {
    return Elementwise.map(Functions.LOG1P, this);
  }

  /** The sine. */
  @Primitive(ElementwiseRules.class)
  public Tensor sin() {
    return Elementwise.map(Functions.SIN, this);
  }

  /** The cosine. */
  @Primitive(ElementwiseRules.class)
  public Tensor cos() {
    return Elementwise.map(Functions.COS, this);
  }

  /** The tangent. */
  @Primitive(ElementwiseRules.class)
  public Tensor tan() {
    return Elementwise.map(Functions.TAN, this);
  }

  /** The arc tangent. */
  @Primitive(ElementwiseRules.class)
  public Tensor atan() {
    return Elementwise.map(Functions.ATAN, this);
  }

  /** The hyperbolic tangent. */
  @Primitive(ElementwiseRules.class)
  public Tensor tanh() {
    return Elementwise.map(Functions.TANH, this);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  @Primitive(ElementwiseRules.class)
  public Tensor sigmoid() {
    return Elementwise.map(Functions.SIGMOID, this);
  }

  /** {@code max(x, 0)}; its derivative at 0 is 0, and NaN stays NaN. */
  @Primitive(ElementwiseRules.class)
  public Tensor relu() {
    return Elementwise.map(Functions.RELU, this);
  }

  /** {@code log(1 + exp(x))}, without overflow. */
  @Primitive(ElementwiseRules.class)
  public Tensor softplus() {
    return Elementwise.map(Functions.SOFTPLUS, this);
  }

  /** The error function. */
  @Primitive(ElementwiseRules.class)
  public Tensor erf() {
    return Elementwise.map(Functions.ERF, this);
  }

  /** {@code x} times the normal distribution function at {@code x} (Hendrycks and Gimpel, 2016). */
  @Primitive(ElementwiseRules.class)
  public Tensor gelu() {
    return Elementwise.map(Functions.GELU, this);
  }

  /** 1 where an element is greater than the other, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor greater(Tensor other) {
    return Elementwise.zip(Functions.GREATER, this, other);
  }

  /** 1 where an element is greater than the number, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor greater(double number) {
    return Elementwise.zip(Functions.GREATER, this, number);
  }

  /** 1 where an element is greater than or equal to the other, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor greaterOrEqual(Tensor other) {
    return Elementwise.zip(Functions.GREATER_EQUAL, this, other);
  }

  /** 1 where an element is greater than or equal to the number, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor greaterOrEqual(double number) {
    return Elementwise.zip(Functions.GREATER_EQUAL, this, number);
  }

  /** 1 where an element is less than the other, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor less(Tensor other) {
    return Elementwise.zip(Functions.LESS, this, other);
  }

  /** 1 where an element is less than the number, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor less(double number) {
    return Elementwise.zip(Functions.LESS, this, number);
  }

  /** 1 where an element is less than or equal to the other, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor lessOrEqual(Tensor other) {
    return Elementwise.zip(Functions.LESS_EQUAL, this, other);
  }

  /** 1 where an element is less than or equal to the number, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor lessOrEqual(double number) {
    return Elementwise.zip(Functions.LESS_EQUAL, this, number);
  }

  /** 1 where an element is equal to the other, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor equalTo(Tensor other) {
    return Elementwise.zip(Functions.EQUAL, this, other);
  }

  /** 1 where an element is equal to the number, else 0. */
  @Primitive(ElementwiseRules.class)
  public Tensor equalTo(double number) {
    return Elementwise.zip(Functions.EQUAL, this, number);
  }

  /**
   * Where the mask is not 0 the element of {@code a}, elsewhere that of {@code b}; all three
   * stretch.
   */
  @Primitive(ElementwiseRules.class)
  public static Tensor where(Tensor mask, Tensor a, Tensor b) {
    return Rearrangements.where(mask, a, b);
  }

  /**
   * A function of a tensor's elements, in one loop. For code that is not differentiated, such as
   * optimisers: it has no rule. For float32 the function computes in float64.
   */
  public static Tensor map(Scalar1 f, Tensor x) {
    return Fused.map(f, x);
  }

  /**
   * A function of the elements of two tensors of one shape, in one loop; as {@link #map(Scalar1,
   * Tensor)}.
   */
  public static Tensor map(Scalar2 f, Tensor x, Tensor y) {
    return Fused.map(f, x, y);
  }

  /**
   * A function of the elements of three tensors of one shape, in one loop; as {@link #map(Scalar1,
   * Tensor)}.
   */
  public static Tensor map(Scalar3 f, Tensor x, Tensor y, Tensor z) {
    return Fused.map(f, x, y, z);
  }

  /** The sum of all elements, of shape (). */
  @Primitive(ReductionRules.class)
  public Tensor sum() {
    return Reductions.sumTo(this, new int[0]);
  }

  /** The sum over a dimension, which stays with size 1. */
  @Primitive(ReductionRules.class)
  public Tensor sum(int axis) {
    return Reductions.sum(this, Shapes.axes("sum", new int[] {axis}, shape));
  }

  /**
   * The sum over some axes.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  @Primitive(ReductionRules.class)
  public Tensor sum(int[] axes, boolean keepDimensions) {
    return dropped(Reductions.sum(this, Shapes.axes("sum", axes, shape)), axes, keepDimensions);
  }

  private Tensor dropped(Tensor kept, int[] axes, boolean keepDimensions) {
    return keepDimensions
        ? kept
        : new Tensor(Shapes.without(shape, Shapes.axes("sum", axes, shape)), kept.buffer);
  }

  /** The mean of all elements, of shape (); NaN when there are none. */
  @Primitive(ReductionRules.class)
  public Tensor mean() {
    return sum().div(size());
  }

  /**
   * The mean over some axes.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  @Primitive(ReductionRules.class)
  public Tensor mean(int[] axes, boolean keepDimensions) {
    Tensor sum = sum(axes, keepDimensions);
    return sum.div((double) size() / Math.max(1, sum.size()));
  }

  /**
   * The variance over some axes: the mean square of the distance from the mean, not corrected for a
   * sample.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  public Tensor variance(int[] axes, boolean keepDimensions) {
    return minus(mean(axes, true)).square().mean(axes, keepDimensions);
  }

  /** The greatest of all elements, of shape (); NaN if one is. */
  public Tensor max() {
    return flatAll().max(new int[] {0}, false);
  }

  /**
   * The greatest element over some axes, NaN if one is. Elements that tie share the derivative.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  @Primitive(ReductionRules.class)
  public Tensor max(int[] axes, boolean keepDimensions) {
    boolean[] chosen = Shapes.axes("max", axes, shape);
    return dropped(Reductions.extreme("max", this, chosen, true), axes, keepDimensions);
  }

  /** The least of all elements, of shape (); NaN if one is. */
  public Tensor min() {
    return flatAll().min(new int[] {0}, false);
  }

  /**
   * The least element over some axes, NaN if one is. Elements that tie share the derivative.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  @Primitive(ReductionRules.class)
  public Tensor min(int[] axes, boolean keepDimensions) {
    boolean[] chosen = Shapes.axes("min", axes, shape);
    return dropped(Reductions.extreme("min", this, chosen, false), axes, keepDimensions);
  }

  private Tensor flatAll() {
    return reshape(size());
  }

  /**
   * The index of each greatest element along the last axis, in order: one for each row of a matrix.
   */
  @Primitive(ReductionRules.class)
  public int[] argmax() {
    if (rank() == 0 || size(-1) == 0) {
      throw new ShapeException(
          "argmax of shape " + ShapeException.text(shape) + ": the last axis has no element");
    }
    return Reductions.argmax(this);
  }

  /** This tensor summed over what stretches, to a shape that stretches to this one's. */
  @Primitive(ReductionRules.class)
  public Tensor sumTo(int[] target) {
    return Arrays.equals(target, shape) ? this : Reductions.sumTo(this, target);
  }

  /** This tensor stretched to a shape. */
  @Primitive(ReductionRules.class)
  public Tensor broadcastTo(int[] target) {
    return Elementwise.broadcastTo(this, target);
  }

  /** Along the last axis {@code exp(x) / sum(exp(x))}. */
  @Primitive(ReductionRules.class)
  public Tensor softmax() {
    return Softmax.softmax(this);
  }

  /** Along the last axis the logarithm of the softmax, computed without overflow. */
  @Primitive(ReductionRules.class)
  public Tensor logSoftmax() {
    return Softmax.logSoftmax(this);
  }

  /** Along the last axis, which stays with size 1, {@code log(sum(exp(x)))} without overflow. */
  @Primitive(ReductionRules.class)
  public Tensor logSumExp() {
    return Softmax.logSumExp(this);
  }

  /** The same elements in another shape, one of whose sizes may be -1: what is left. */
  @Primitive(ShapeRules.class)
  public Tensor reshape(int... sizes) {
    return new Tensor(Rearrangements.reshaped(shape, size(), sizes), buffer);
  }

  /** All dimensions from the second on as one. */
  @Primitive(ShapeRules.class)
  public Tensor flatten() {
    return new Tensor(new int[] {size(0), Shapes.product(shape, 1, shape.length)}, buffer);
  }

  /** The transpose of a matrix. */
  @Primitive(ShapeRules.class)
  public Tensor transpose() {
    if (shape.length != 2) {
      throw new ShapeException(
          "transpose of shape " + ShapeException.text(shape) + ": a matrix is expected; name axes");
    }
    return Rearrangements.permute(this, new int[] {1, 0});
  }

  /** This tensor with two axes swapped. */
  @Primitive(ShapeRules.class)
  public Tensor transpose(int a, int b) {
    int left = Shapes.axis("transpose", a, shape);
    int right = Shapes.axis("transpose", b, shape);
    return Rearrangements.permute(this, Rearrangements.swap(shape.length, left, right));
  }

  /** This tensor with its axes in another order: axis {@code order[i]} becomes axis {@code i}. */
  @Primitive(ShapeRules.class)
  public Tensor permute(int... order) {
    return Rearrangements.permute(this, order);
  }

  /** The part of an axis from one index up to, not including, another. */
  @Primitive(ShapeRules.class)
  public Tensor slice(int axis, int from, int to) {
    return Rearrangements.slice(this, axis, from, to);
  }

  /** The entry of the first axis with this index, without that axis. */
  public Tensor at(int index) {
    return slice(0, index, index + 1).reshape(Arrays.copyOfRange(shape(), 1, rank()));
  }

  /** This tensor cut along an axis into equal parts. */
  public Tensor[] split(int axis, int parts) {
    int size = size(axis);
    if (parts < 1 || size % parts != 0) {
      throw new ShapeException(
          "split of shape "
              + ShapeException.text(shape)
              + " along axis "
              + axis
              + " into "
              + parts);
    }
    Tensor[] result = new Tensor[parts];
    int each = size / parts;
    for (int i = 0; i < parts; i++) {
      result[i] = slice(axis, i * each, (i + 1) * each);
    }
    return result;
  }

  /** This tensor and another joined along an axis. */
  @Primitive(ShapeRules.class)
  public Tensor concat(Tensor other, int axis) {
    return Rearrangements.concat(this, other, axis);
  }

  /** Tensors joined along an axis; all other dimensions are equal. */
  public static Tensor concat(int axis, Tensor... parts) {
    return concat(axis, parts, 0, parts.length);
  }

  /** Halves are joined, so that each element is copied a logarithmic number of times. */
  private static Tensor concat(int axis, Tensor[] parts, int from, int to) {
    if (to - from == 1) {
      return parts[from];
    }
    int middle = (from + to) >>> 1;
    return concat(axis, parts, from, middle).concat(concat(axis, parts, middle, to), axis);
  }

  /** Tensors of one shape as the entries of a new first axis. */
  public static Tensor stack(Tensor... parts) {
    Tensor[] entries = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      entries[i] = parts[i].expand();
    }
    return concat(0, entries, 0, entries.length);
  }

  /** This tensor with a new first axis of size 1. */
  @Primitive(ShapeRules.class)
  public Tensor expand() {
    int[] target = new int[shape.length + 1];
    target[0] = 1;
    System.arraycopy(shape, 0, target, 1, shape.length);
    return new Tensor(target, buffer);
  }

  /** The entries along the first dimension with these indices. */
  @Primitive(ShapeRules.class)
  public Tensor gather(int[] indices) {
    return Rearrangements.gather(this, indices);
  }

  /** Of each row of a matrix the element in the column given, as a vector. */
  @Primitive(ShapeRules.class)
  public Tensor pick(int[] columns) {
    return Rearrangements.pick(this, columns);
  }

  /**
   * The matrix product of (…, n, m) and (…, m, p). Leading dimensions stretch, so a batch of
   * matrices may meet a single one.
   */
  @Primitive(ShapeRules.class)
  public Tensor matmul(Tensor other) {
    return MatrixProduct.of(this, false, other, false);
  }

  /**
   * The cross-correlation of images (batch, channels, height, width) with kernels (out, channels,
   * kh, kw), without padding.
   */
  @Primitive(ConvolutionRules.class)
  public Tensor conv2d(Tensor kernel) {
    return Convolution.forward(this, kernel, 1, 0, 1, 1);
  }

  /**
   * The cross-correlation of images (batch, channels, height, width) with kernels (out, channels,
   * kh, kw), which step by a stride over images with zeros around them.
   *
   * @param stride how many pixels a kernel steps, down and across
   * @param padding how many rows and columns of zeros are on each side
   */
  public Tensor conv2d(Tensor kernel, int stride, int padding) {
    return conv2d(kernel, stride, padding, 1, 1);
  }

  /**
   * The cross-correlation of images (batch, channels, height, width) with kernels (out, channels /
   * groups, kh, kw).
   *
   * @param stride how many pixels a kernel steps, down and across
   * @param padding how many rows and columns of zeros are on each side
   * @param dilation how far neighbours in the kernel are apart in the image, 1 for next to each
   *     other
   * @param groups into how many groups the channels fall; each output channel sees one group
   */
  @Primitive(ConvolutionRules.class)
  public Tensor conv2d(Tensor kernel, int stride, int padding, int dilation, int groups) {
    return Convolution.forward(this, kernel, stride, padding, dilation, groups);
  }

  /**
   * The adjoint of {@link #conv2d(Tensor, int, int)}, also called transposed convolution or
   * deconvolution: images (batch, channels, height, width) and kernels (channels, out, kh, kw) give
   * larger images, of height {@code (height - 1) stride - 2 padding + kh}.
   */
  @Primitive(ConvolutionRules.class)
  public Tensor convTranspose2d(Tensor kernel, int stride, int padding) {
    return Convolution.transposed(this, kernel, stride, padding);
  }

  /** The greatest element of each window of images, windows side by side. */
  @Primitive(ConvolutionRules.class)
  public Tensor maxPool2d(int window) {
    return Pooling.max(this, window, window, 0);
  }

  /**
   * The greatest element of each window of images (batch, channels, height, width); padding is
   * never the greatest. The first of equal elements has the derivative.
   */
  @Primitive(ConvolutionRules.class)
  public Tensor maxPool2d(int window, int stride, int padding) {
    return Pooling.max(this, window, stride, padding);
  }

  /** The mean of each window of images, windows side by side. */
  @Primitive(ConvolutionRules.class)
  public Tensor meanPool2d(int window) {
    return Pooling.mean(this, window, window, 0);
  }

  /**
   * The mean of each window of images (batch, channels, height, width), where padding counts as
   * zeros.
   */
  @Primitive(ConvolutionRules.class)
  public Tensor meanPool2d(int window, int stride, int padding) {
    return Pooling.mean(this, window, stride, padding);
  }

  /** The shape, the type, and the elements in rows, of long axes the first and last three. */
  @Override
  public String toString() {
    return "Tensor%s of %s %s".formatted(ShapeException.text(shape), dtype(), Text.of(this));
  }
}

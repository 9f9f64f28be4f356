package dev.fluxion.tensor;

import dev.fluxion.grad.FusedBy;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.LentBy;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.grad.Scalar3;
import dev.fluxion.grad.VectorSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An n-dimensional array of numbers of a {@link DType}, in row-major order, batch first.
 *
 * <p>Operations give new tensors; {@link #assign} and {@link #update} alone change one. Shapes
 * stretch as in NumPy: a dimension of size 1, or one that is missing in front, meets any other. A
 * negative axis counts from the last. The operations are differentiable: {@code Grad.gradient} goes
 * through code made of them. Shapes that do not fit raise a {@link ShapeException}, which names the
 * user's line.
 *
 * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="tensor"}
 *
 * <p>Two tensors are equal only when they are the same object, since elements can change.
 */
@FusedBy(TensorFuser.class)
@LentBy(TensorLender.class)
@Primitive(ForwardRules.class)
public final class Tensor implements VectorSpace<Tensor> {
  private final int[] shape;
  private Storage elements;

  Tensor(int[] shape, Storage elements) {
    this.shape = shape;
    this.elements = elements.type().isNative() ? elements : elements.packed();
    this.elements.hold();
  }

  int[] dimensions() {
    return shape;
  }

  Storage elements() {
    return elements;
  }

  /** The elements to compute with; of a narrow type they are made anew each time. */
  Buffer buffer() {
    Storage stored = elements;
    Buffer buffer = stored.buffer();
    boolean isForAll = buffer.type().isNative() && !(stored instanceof ChannelsLast);
    if (stored != buffer && isForAll) {
      if (!(stored instanceof Lent)) {
        buffer.keep(); // for as long as this is
      }
      elements = buffer; // they were in a file, or to be computed
      elements.hold();
    }
    return buffer;
  }

  /** A float32 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(float[] data, int... shape) {
    check(data.length, shape);
    return new Tensor(shape.clone(), new Buffer(data.clone()).counted());
  }

  /** A float64 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(double[] data, int... shape) {
    check(data.length, shape);
    return new Tensor(shape.clone(), new Buffer(data.clone()).counted());
  }

  /** An int32 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(int[] data, int... shape) {
    check(data.length, shape);
    long[] longs = Arrays.stream(data).asLongStream().toArray();
    return new Tensor(shape.clone(), new Buffer(DType.INT32, longs).counted());
  }

  /** An int64 tensor with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(long[] data, int... shape) {
    check(data.length, shape);
    return new Tensor(shape.clone(), new Buffer(DType.INT64, data.clone()).counted());
  }

  /** A tensor of truth values with these elements. */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(boolean[] data, int... shape) {
    check(data.length, shape);
    Buffer to = new Buffer(DType.BOOL, data.length);
    for (int i = 0; i < data.length; i++) {
      to.floats[i] = data[i] ? 1 : 0;
    }
    return new Tensor(shape.clone(), to);
  }

  /**
   * A tensor with a copy of the elements of a segment, in row-major order and the machine's order
   * of bytes.
   */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(DType type, MemorySegment data, int... shape) {
    return new Tensor(shape.clone(), Segments.read(type, data, shape, ByteOrder.nativeOrder()));
  }

  /**
   * A tensor with a copy of what a buffer has from its position up to its limit: float32 or
   * float64, or of the whole type of 8 to 64 bits.
   */
  @Primitive(ElementwiseRules.class)
  public static Tensor of(java.nio.Buffer data, int... shape) {
    return new Tensor(shape.clone(), Segments.read(data, shape));
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
    to.fill(0, to.size(), WholeNumbers.require("full", type, value));
    return new Tensor(shape.clone(), to);
  }

  /** The float32 numbers 0, 1, … up to, not including, the count, as a vector. */
  @Primitive(ElementwiseRules.class)
  public static Tensor arange(int count) {
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = i;
    }
    return new Tensor(new int[] {count}, new Buffer(data).counted());
  }

  /** The float32 numbers from one up to, not including, another, in steps, as a vector. */
  public static Tensor arange(double from, double to, double step) {
    return Ranges.arange(from, to, step);
  }

  /**
   * So many float32 numbers at equal distances, from the first to the last of them, as a vector.
   */
  public static Tensor linspace(double first, double last, int count) {
    return Ranges.linspace(first, last, count);
  }

  /** The numbers 0 to {@code count - 1} in a random order, as {@link #uniform} draws them. */
  public static int[] permutation(long seed, int count) {
    return Ranges.permutation(seed, count);
  }

  /**
   * Float32 numbers drawn from a normal distribution of which only what is within two deviations of
   * the mean is taken.
   */
  public static Tensor truncatedNormal(long seed, double mean, double deviation, int... shape) {
    return Ranges.truncatedNormal(seed, shape).times(deviation).plus(mean);
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

  /** As {@link #oneHot(int[], int)}, of a tensor of labels, whose axes stay: (…, classes). */
  public static Tensor oneHot(Tensor labels, int classes) {
    int[] target = Arrays.copyOf(labels.shape(), labels.rank() + 1);
    target[labels.rank()] = classes;
    return oneHot(Indices.of("oneHot", labels), classes).reshape(target);
  }

  /** The size of each dimension. */
  @Primitive(ElementwiseRules.class)
  public int[] shape() {
    return shape.clone();
  }

  /** The size of a dimension. */
  @Primitive(ElementwiseRules.class)
  public int size(int axis) {
    return size("size", axis);
  }

  /** The size of an axis for an operation, which is named where there is no such axis. */
  private int size(String name, int axis) {
    return shape[Shapes.axis(name, axis, shape)];
  }

  /** The number of elements. */
  @Primitive(ElementwiseRules.class)
  public int size() {
    return elements.size();
  }

  /** The number of dimensions. */
  @Primitive(ElementwiseRules.class)
  public int rank() {
    return shape.length;
  }

  /** The type of the elements. */
  @Primitive(ElementwiseRules.class)
  public DType dtype() {
    return elements.type();
  }

  /**
   * The same numbers in another type. Real numbers are rounded to the nearest one of a narrower
   * type, and cut off to whole ones, which must be in the type's range; whole numbers wrap around;
   * truth values say whether a number is not 0.
   */
  @Primitive(ElementwiseRules.class)
  public Tensor cast(DType type) {
    return new Tensor(shape, type == dtype() ? elements : buffer().as(type));
  }

  /** The elements as floats. */
  @Primitive(ElementwiseRules.class)
  public float[] toFloatArray() {
    Buffer buffer = buffer().as(DType.FLOAT32);
    return dtype() == DType.FLOAT32 ? buffer.floats.clone() : buffer.handedOut().floats;
  }

  /** The elements as doubles. */
  @Primitive(ElementwiseRules.class)
  public double[] toDoubleArray() {
    Buffer buffer = buffer().as(DType.FLOAT64);
    return dtype() == DType.FLOAT64 ? buffer.doubles.clone() : buffer.handedOut().doubles;
  }

  /** The elements as whole numbers, as {@link #cast} makes them. */
  @Primitive(ElementwiseRules.class)
  public long[] toLongArray() {
    long[] longs = buffer().as(DType.INT64).longs;
    return dtype() == DType.INT64 ? longs.clone() : longs;
  }

  /** The elements as whole numbers of 32 bits, as {@link #cast} makes them. */
  @Primitive(ElementwiseRules.class)
  public int[] toIntArray() {
    return Arrays.stream(buffer().as(DType.INT32).longs).mapToInt(x -> (int) x).toArray();
  }

  /**
   * Copies the elements to the start of a segment, in row-major order and the machine's order of
   * bytes, each with the bytes of its type. A derivative does not follow them there.
   */
  public void copyTo(MemorySegment target) {
    Segments.write(this, target);
  }

  /** The elements in a buffer of bytes, as {@link #copyTo} writes them. */
  public ByteBuffer toByteBuffer() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(Stored.bytes(this))).order(ByteOrder.nativeOrder());
    copyTo(MemorySegment.ofBuffer(bytes));
    return bytes;
  }

  /** Of each element whether it is not 0. */
  @Primitive(ElementwiseRules.class)
  public boolean[] toBooleanArray() {
    Buffer from = buffer();
    boolean[] truths = new boolean[size()];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = from.get(i) != 0;
    }
    return truths;
  }

  /** The only element of a tensor that has one, as a double. */
  @Override
  @Primitive(ElementwiseRules.class)
  public double item() {
    if (size() != 1) {
      throw new ShapeException("item of shape " + ShapeException.text(shape) + ": not one element");
    }
    return buffer().get(0);
  }

  /** A tensor of this one's shape and type, all of whose elements are 0. */
  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor zero() {
    return new Tensor(shape, new Buffer(dtype(), size()));
  }

  /** A tensor of this one's shape and type, all of whose elements are the value. */
  @Primitive(ElementwiseRules.class)
  public Tensor fill(double value) {
    Buffer to = new Buffer(dtype(), size());
    to.fill(0, to.size(), WholeNumbers.require("fill", dtype(), value));
    return new Tensor(shape, to);
  }

  /**
   * Takes over the elements of a tensor of the same shape, in this one's type. Tensors made from
   * this one before keep the old elements.
   */
  public void assign(Tensor other) {
    if (!Shapes.areEqual(shape, other.shape)) {
      throw new ShapeException(
          "assign of shape "
              + ShapeException.text(other.shape)
              + " to "
              + ShapeException.text(shape));
    }
    elements = other.dtype() == dtype() ? other.elements : other.cast(dtype()).elements;
    elements.hold();
  }

  /** Takes over the elements of a tensor that nobody has seen or will see. */
  private void become(Tensor other) {
    assign(other);
    if (elements instanceof Buffer buffer) {
      buffer.letGo();
    }
  }

  /**
   * Changes each element to what a function makes of it: {@code x.assign(map(f, x))}, in place
   * where no other tensor shares the elements. It is what optimisers do, and costs no new array.
   *
   * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="update"}
   */
  public void update(Scalar1 f) {
    Fused.requireUpdate(this, this);
    if (Grad.isTraining()) {
      assign(map(f, this));
    } else if (!Fused.update(f, Tuple.of(this))) {
      become(map(f, this));
    }
  }

  /**
   * Changes each element to what a function makes of it and the other tensor's, which stretches; as
   * {@link #update(Scalar1)}.
   */
  public void update(Scalar2 f, Tensor y) {
    Fused.requireUpdate(this, y);
    if (Grad.isTraining()) {
      assign(map(f, this, y));
    } else if (!Fused.update(f, Tuple.of(this, y))) {
      become(map(f, this, y));
    }
  }

  /**
   * Changes each element to what a function makes of it and two other tensors', which stretch; as
   * {@link #update(Scalar1)}.
   */
  public void update(Scalar3 f, Tensor y, Tensor z) {
    Fused.requireUpdate(this, y);
    Fused.requireUpdate(this, z);
    if (Grad.isTraining()) {
      assign(map(f, this, y, z));
    } else if (!Fused.update(f, Tuple.of(this, y, z))) {
      become(map(f, this, y, z));
    }
  }

  /** The sum. */
  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor plus(Tensor other) {
    if (Products.areAdded(elements, other.elements) && Shapes.areEqual(shape, other.shape)) {
      return new Tensor(shape, Products.sum(elements, other.elements));
    }
    Tensor placed = Placed.sum(this, other);
    return placed == null ? Elementwise.zip(Functions.PLUS, this, other) : placed;
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

  /** The power, element by element; 1 where the base is 1 or the exponent 0, even if one is NaN. */
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
    if (dtype().isWhole()) {
      WholeNumbers.require("clamp", dtype(), low);
      WholeNumbers.require("clamp", dtype(), high);
    }
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

  /** -1, 0 or 1, and NaN of NaN, as NumPy's {@code sign}. */
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

  /** The arc sine. */
  @Primitive(FunctionRules.class)
  public Tensor asin() {
    return Elementwise.map(Functions.ASIN, this);
  }

  /** The arc cosine. */
  @Primitive(FunctionRules.class)
  public Tensor acos() {
    return Elementwise.map(Functions.ACOS, this);
  }

  /**
   * The angle of the point with this ordinate and that abscissa, in -π to π; its slope at the
   * origin is 0.
   */
  @Primitive(FunctionRules.class)
  public Tensor atan2(Tensor abscissa) {
    return Elementwise.zip(Functions.ATAN2, this, abscissa);
  }

  /** {@code sqrt(x² + y²)} without overflow; its slope at the origin is 0. */
  @Primitive(FunctionRules.class)
  public Tensor hypot(Tensor other) {
    return Elementwise.zip(Functions.HYPOT, this, other);
  }

  /** The hyperbolic sine. */
  @Primitive(FunctionRules.class)
  public Tensor sinh() {
    return Elementwise.map(Functions.SINH, this);
  }

  /** The hyperbolic cosine. */
  @Primitive(FunctionRules.class)
  public Tensor cosh() {
    return Elementwise.map(Functions.COSH, this);
  }

  /** The inverse of the hyperbolic sine. */
  @Primitive(FunctionRules.class)
  public Tensor asinh() {
    return Elementwise.map(Functions.ASINH, this);
  }

  /** The inverse of the hyperbolic cosine. */
  @Primitive(FunctionRules.class)
  public Tensor acosh() {
    return Elementwise.map(Functions.ACOSH, this);
  }

  /** The inverse of the hyperbolic tangent. */
  @Primitive(FunctionRules.class)
  public Tensor atanh() {
    return Elementwise.map(Functions.ATANH, this);
  }

  /** The power of 2. */
  @Primitive(FunctionRules.class)
  public Tensor exp2() {
    return Elementwise.map(Functions.EXP2, this);
  }

  /** The binary logarithm. */
  @Primitive(FunctionRules.class)
  public Tensor log2() {
    return Elementwise.map(Functions.LOG2, this);
  }

  /** The decimal logarithm. */
  @Primitive(FunctionRules.class)
  public Tensor log10() {
    return Elementwise.map(Functions.LOG10, this);
  }

  /** {@code 1 / x}. */
  @Primitive(FunctionRules.class)
  public Tensor reciprocal() {
    return Elementwise.map(Functions.RECIPROCAL, this);
  }

  /** The whole number next in the direction of 0. */
  @Primitive(FunctionRules.class)
  public Tensor trunc() {
    return Elementwise.map(Functions.TRUNC, this);
  }

  /**
   * What is left of a division whose quotient is rounded down: it has the divisor's sign, and if it
   * is 0 the dividend's, as in PyTorch.
   */
  @Primitive(FunctionRules.class)
  public Tensor remainder(Tensor divisor) {
    return Elementwise.zip(Functions.REMAINDER, this, divisor);
  }

  /** {@code log(exp(a) + exp(b))}, without overflow. */
  @Primitive(FunctionRules.class)
  public Tensor logAddExp(Tensor other) {
    return Elementwise.zip(Functions.LOG_ADD_EXP, this, other);
  }

  /** {@code x log(y)}, and 0 where x is 0. */
  @Primitive(FunctionRules.class)
  public Tensor xlogy(Tensor y) {
    return Elementwise.zip(Functions.XLOGY, this, y);
  }

  /** {@code a + weight (b - a)}, and {@code b} itself for a weight of 1. */
  public Tensor lerp(Tensor other, double weight) {
    DType type = DType.common("lerp", this, other);
    Shapes.broadcast("lerp", shape, other.shape);
    Tensor from = roomy();
    Tensor to = other.roomy();
    Tensor way = to.minus(from);
    Tensor point = weight < 0.5 ? from.plus(way.times(weight)) : to.minus(way.times(1 - weight));
    return point.cast(type);
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

  /** Whether an element is greater than the other. */
  @Primitive(ElementwiseRules.class)
  public Tensor greater(Tensor other) {
    return Elementwise.zip(Functions.GREATER, this, other);
  }

  /** Whether an element is greater than the number. */
  @Primitive(ElementwiseRules.class)
  public Tensor greater(double number) {
    return Elementwise.zip(Functions.GREATER, this, number);
  }

  /** Whether an element is greater than or equal to the other. */
  @Primitive(ElementwiseRules.class)
  public Tensor greaterOrEqual(Tensor other) {
    return Elementwise.zip(Functions.GREATER_EQUAL, this, other);
  }

  /** Whether an element is greater than or equal to the number. */
  @Primitive(ElementwiseRules.class)
  public Tensor greaterOrEqual(double number) {
    return Elementwise.zip(Functions.GREATER_EQUAL, this, number);
  }

  /** Whether an element is less than the other. */
  @Primitive(ElementwiseRules.class)
  public Tensor less(Tensor other) {
    return Elementwise.zip(Functions.LESS, this, other);
  }

  /** Whether an element is less than the number. */
  @Primitive(ElementwiseRules.class)
  public Tensor less(double number) {
    return Elementwise.zip(Functions.LESS, this, number);
  }

  /** Whether an element is less than or equal to the other. */
  @Primitive(ElementwiseRules.class)
  public Tensor lessOrEqual(Tensor other) {
    return Elementwise.zip(Functions.LESS_EQUAL, this, other);
  }

  /** Whether an element is less than or equal to the number. */
  @Primitive(ElementwiseRules.class)
  public Tensor lessOrEqual(double number) {
    return Elementwise.zip(Functions.LESS_EQUAL, this, number);
  }

  /** Whether an element is equal to the other. */
  @Primitive(ElementwiseRules.class)
  public Tensor equalTo(Tensor other) {
    return Elementwise.zip(Functions.EQUAL, this, other);
  }

  /** Whether an element is equal to the number. */
  @Primitive(ElementwiseRules.class)
  public Tensor equalTo(double number) {
    return Elementwise.zip(Functions.EQUAL, this, number);
  }

  /** Whether an element differs from the other; NaN differs from all. */
  @Primitive(FunctionRules.class)
  public Tensor notEqualTo(Tensor other) {
    return Elementwise.zip(Functions.NOT_EQUAL, this, other);
  }

  /** Whether an element differs from the number; NaN differs from all. */
  @Primitive(FunctionRules.class)
  public Tensor notEqualTo(double number) {
    return Elementwise.zip(Functions.NOT_EQUAL, this, number);
  }

  /** Whether an element is NaN. */
  @Primitive(FunctionRules.class)
  public Tensor isNaN() {
    return Elementwise.map(Functions.IS_NAN, this);
  }

  /** Whether an element is neither NaN nor infinite. */
  @Primitive(FunctionRules.class)
  public Tensor isFinite() {
    return Elementwise.map(Functions.IS_FINITE, this);
  }

  /** Whether an element is 0. */
  public Tensor not() {
    return equalTo(0);
  }

  /** Whether neither element is 0. */
  public Tensor and(Tensor other) {
    Shapes.broadcast("and", shape, other.shape);
    return notEqualTo(0).times(other.notEqualTo(0));
  }

  /** Whether one element or both is not 0. */
  public Tensor or(Tensor other) {
    Shapes.broadcast("or", shape, other.shape);
    return notEqualTo(0).maximum(other.notEqualTo(0));
  }

  /** Whether just one element is not 0. */
  public Tensor xor(Tensor other) {
    Shapes.broadcast("xor", shape, other.shape);
    return notEqualTo(0).notEqualTo(other.notEqualTo(0));
  }

  /** The elements that are no numbers replaced by one. */
  public Tensor orElse(double number) {
    return where(isNaN(), fill(number), this);
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
   * A function of a tensor's elements, in one loop, which is differentiated like any operation: the
   * loop of its gradient computes the function's derivative. An activation of one's own is one
   * line.
   *
   * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="map"}
   *
   * <p>The function may branch and loop. Numbers and objects that it captures are differentiated
   * too. Its calls may run at once in several threads, in any order; one that changes nothing,
   * makes no objects and calls only what can be seen becomes a loop of its own, any other is called
   * for each element.
   *
   * <p>On float32 a loop with vector instructions computes in float32, as the operations of this
   * class do; where there are none, in float64, and only the result is rounded.
   *
   * @throws dev.fluxion.grad.GradientException in a derivative, if the function cannot be
   *     differentiated
   */
  public static Tensor map(Scalar1 f, Tensor x) {
    return Fused.map(f, x);
  }

  /**
   * A function of the elements of two tensors, which stretch; as {@link #map(Scalar1, Tensor)}.
   *
   * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="map-two"}
   */
  public static Tensor map(Scalar2 f, Tensor x, Tensor y) {
    return Fused.map(f, x, y);
  }

  /**
   * A function of the elements of three tensors, which stretch; as {@link #map(Scalar1, Tensor)}.
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
        : kept.reshape(Shapes.without(shape, Shapes.axes("sum", axes, shape)));
  }

  /** The mean of all elements, of shape (); NaN when there are none. */
  @Primitive(ReductionRules.class)
  public Tensor mean() {
    return summed().sum().div(size()).cast(meanType());
  }

  /**
   * The mean over some axes.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  @Primitive(ReductionRules.class)
  public Tensor mean(int[] axes, boolean keepDimensions) {
    Shapes.axes("mean", axes, shape);
    Tensor sum = summed().sum(axes, keepDimensions);
    return sum.div((double) size() / Math.max(1, sum.size())).cast(meanType());
  }

  /** Float32 instead of a type of 16 bits, for what takes more than one step. */
  Tensor roomy() {
    return dtype().isFloatingPoint() && !dtype().isNative() ? cast(DType.FLOAT32) : this;
  }

  /** In a type that holds the sum, too, where this one may hold no more than the mean. */
  private Tensor summed() {
    return dtype().isFloatingPoint() ? roomy() : cast(DType.FLOAT64);
  }

  /** What took more than one step in a wider floating-point type, in this one's type. */
  private Tensor narrowed(Tensor result) {
    return dtype().isFloatingPoint() ? result.cast(dtype()) : result;
  }

  private DType meanType() {
    return dtype().isFloatingPoint() ? dtype() : DType.FLOAT32;
  }

  /**
   * The variance over some axes: the mean square of the distance from the mean, not corrected for a
   * sample.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  public Tensor variance(int[] axes, boolean keepDimensions) {
    return variance(axes, keepDimensions, 0);
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

  /**
   * The variance over some axes, corrected for a sample.
   *
   * @param correction what is taken from the number of elements: 1 for an unbiased estimate, which
   *     of a single element is NaN
   */
  public Tensor variance(int[] axes, boolean keepDimensions, int correction) {
    DType.requireFloatingPoint("variance", this);
    Shapes.axes("variance", axes, shape);
    Tensor x = roomy();
    Tensor squares = x.minus(x.mean(axes, true)).square().sum(axes, keepDimensions);
    double count = (double) size() / Math.max(1, squares.size());
    return squares.div(Math.max(0, count - correction)).cast(dtype());
  }

  /** The root of {@link #variance(int[], boolean, int)}, with slope 0 where it is 0. */
  public Tensor standardDeviation(int[] axes, boolean keepDimensions, int correction) {
    DType.requireFloatingPoint("standardDeviation", this);
    Shapes.axes("standardDeviation", axes, shape);
    return Norms.root(roomy().variance(axes, keepDimensions, correction)).cast(dtype());
  }

  /** The product of all elements, of shape (); its derivative is exact where some are 0 too. */
  public Tensor prod() {
    return flatAll().prod(0, false);
  }

  /**
   * The product over an axis.
   *
   * @param keepDimension whether the axis stays, with size 1
   */
  public Tensor prod(int axis, boolean keepDimension) {
    int[] axes = {axis};
    Shapes.axis("prod", axis, shape);
    if (size(axis) == 0) {
      return sum(axes, keepDimension).plus(1);
    }
    Tensor wide = Scans.wide(roomy());
    Tensor product = Scans.total((a, b) -> a.times(b), wide, axis);
    return dropped(narrowed(product), axes, keepDimension);
  }

  /** The Euclidean norm of all elements, of shape (), with slope 0 at 0. */
  public Tensor norm() {
    DType.requireFloatingPoint("norm", this);
    return Norms.root(roomy().square().sum()).cast(dtype());
  }

  /**
   * The p-norm over some axes: 2 is Euclid's, 1 the sum of sizes, infinity the greatest size.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  public Tensor norm(double p, int[] axes, boolean keepDimensions) {
    DType.requireFloatingPoint("norm", this);
    Shapes.axes("norm", axes, shape);
    return Norms.of(roomy(), p, axes, keepDimensions).cast(dtype());
  }

  /**
   * {@code log(sum(exp(x)))} over some axes, without overflow; of nothing -infinity.
   *
   * @param keepDimensions whether the axes stay, with size 1
   */
  public Tensor logSumExp(int[] axes, boolean keepDimensions) {
    DType.requireFloatingPoint("logSumExp", this);
    Shapes.axes("logSumExp", axes, shape);
    if (size() == 0) {
      return sum(axes, keepDimensions).log();
    }
    Tensor x = roomy();
    Tensor greatest = x.max(axes, true);
    Tensor shift = where(greatest.isFinite(), greatest, greatest.zero());
    Tensor sums = x.minus(shift).exp().sum(axes, true).log().plus(shift);
    return dropped(sums.cast(dtype()), axes, keepDimensions);
  }

  /** Whether any element along some axes is not 0; of none that is false. */
  public Tensor any(int[] axes, boolean keepDimensions) {
    Shapes.axes("any", axes, shape);
    Tensor truths = notEqualTo(0);
    return size() == 0
        ? truths.sum(axes, keepDimensions).greater(0)
        : truths.max(axes, keepDimensions);
  }

  /** Whether all elements along some axes are not 0; of none that is true. */
  public Tensor all(int[] axes, boolean keepDimensions) {
    Shapes.axes("all", axes, shape);
    Tensor truths = notEqualTo(0);
    return size() == 0
        ? truths.sum(axes, keepDimensions).equalTo(0)
        : truths.min(axes, keepDimensions);
  }

  /**
   * The value below which a share of the entries of an axis lies, between two entries on the line
   * that joins them, and NaN if an entry is; the axis is dropped.
   *
   * @param share from 0 to 1: ½ for the median
   */
  public Tensor quantile(double share, int axis) {
    if (!(share >= 0 && share <= 1)) {
      throw new ShapeException("quantile of share " + share + ": it lies from 0 to 1");
    }
    DType.requireFloatingPoint("quantile", this);
    int last = size("quantile", axis) - 1;
    if (last < 0) {
      throw new ShapeException(
          "quantile of shape " + ShapeException.text(shape()) + ": axis " + axis + " is empty");
    }
    Tensor sorted = roomy().sort(axis);
    double place = share * last;
    int low = (int) Math.floor(place);
    Tensor value = sorted.slice(axis, low, low + 1);
    if (low < place) {
      value = value.lerp(sorted.slice(axis, low + 1, low + 2), place - low);
    }
    Tensor greatest = sorted.slice(axis, last, last + 1);
    Tensor found = where(greatest.isNaN(), greatest, value);
    return dropped(found.cast(dtype()), new int[] {axis}, false);
  }

  private Tensor flatAll() {
    return reshape(size());
  }

  /**
   * The index of each greatest element along the last axis, in order: one for each row of a matrix.
   */
  public int[] argmax() {
    return argmax(-1);
  }

  /** The index of the greatest element along an axis, or of the first NaN, in row-major order. */
  @Primitive(ReductionRules.class)
  public int[] argmax(int axis) {
    return argExtreme("argmax", axis, true);
  }

  /** The index of the least element along an axis, or of the first NaN, in row-major order. */
  @Primitive(ReductionRules.class)
  public int[] argmin(int axis) {
    return argExtreme("argmin", axis, false);
  }

  private int[] argExtreme(String name, int axis, boolean greatest) {
    if (rank() == 0 || size(name, axis) == 0) {
      throw new ShapeException(
          name + " of shape " + ShapeException.text(shape) + ": axis " + axis + " has no element");
    }
    return Reductions.argExtreme(this, Shapes.axis(name, axis, shape), greatest);
  }

  /** This tensor summed over what stretches, to a shape that stretches to this one's. */
  @Primitive(ReductionRules.class)
  public Tensor sumTo(int[] target) {
    return Shapes.areEqual(target, shape) ? this : Reductions.sumTo(this, target);
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
    return new Tensor(Rearrangements.reshaped(shape, size(), sizes), elements);
  }

  /** All dimensions from the second on as one. */
  @Primitive(ShapeRules.class)
  public Tensor flatten() {
    int[] flat = {size("flatten", 0), Shapes.product(shape, 1, shape.length)};
    return new Tensor(flat, elements);
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

  /**
   * Every so many entries of an axis, from one index up to, not including, another. A negative step
   * goes down: {@code slice(0, size - 1, -1, -1)} turns an axis round.
   */
  public Tensor slice(int axis, int from, int to, int step) {
    return Entries.take(this, axis, Indices.steps(shape, axis, from, to, step));
  }

  /** This tensor with the entries of some axes in opposite order. */
  public Tensor flip(int... axes) {
    Shapes.axes("flip", axes, shape);
    Tensor flipped = this;
    for (int axis : axes) {
      flipped = Entries.take(flipped, axis, Indices.reversed(size(axis)));
    }
    return flipped;
  }

  /**
   * The entries of an axis moved up by so many places; what leaves at the end comes in in front.
   */
  public Tensor roll(int shift, int axis) {
    return Entries.take(this, axis, Indices.rolled(size("roll", axis), shift));
  }

  /** Each entry of an axis so many times, one after the other. */
  public Tensor repeat(int times, int axis) {
    return Entries.take(this, axis, Indices.repeated(size("repeat", axis), times));
  }

  /**
   * This tensor laid side by side so many times along each axis; missing axes in front have size 1.
   */
  public Tensor tile(int... times) {
    Tensor tiled = this;
    while (tiled.rank() < times.length) {
      tiled = tiled.expand();
    }
    int first = tiled.rank() - times.length;
    for (int i = 0; i < times.length; i++) {
      if (times[i] != 1) {
        int axis = first + i;
        tiled = Entries.take(tiled, axis, Indices.tiled(tiled.size(axis), times[i]));
      }
    }
    return tiled;
  }

  /** An axis with so many entries before and after it, which its own give. */
  public Tensor pad(Padding padding, int axis, int before, int after) {
    return Entries.take(this, axis, Indices.padded(shape, axis, padding, before, after));
  }

  /** An axis with so many entries before and after it that are all this number. */
  public Tensor pad(double value, int axis, int before, int after) {
    int at = Shapes.axis("pad", axis, shape);
    if (before < 0 || after < 0) {
      throw Indices.unpadded(axis, shape, before, after, "less than nothing");
    }
    Tensor head = full(dtype(), value, Indices.resized(shape, at, before));
    Tensor tail = full(dtype(), value, Indices.resized(shape, at, after));
    return head.concat(this, at).concat(tail, at);
  }

  /** The diagonal of the last two axes, as one axis. */
  public Tensor diagonal() {
    return diagonal(0);
  }

  /** A diagonal of the last two axes, as one axis; positive offsets lie above the main one. */
  public Tensor diagonal(int offset) {
    int[] positions = Indices.diagonal("diagonal", shape, offset);
    int[] target = Arrays.copyOf(shape, shape.length - 1);
    int matrices = Shapes.product(shape, 0, shape.length - 2);
    target[target.length - 1] = matrices == 0 ? 0 : positions.length / matrices;
    return Entries.elements(this, positions, target);
  }

  /** Square matrices with the last axis as their diagonal, elsewhere 0. */
  public Tensor diagonalMatrix() {
    int size = size("diagonalMatrix", -1);
    int[] target = Arrays.copyOf(shape, shape.length + 1);
    target[shape.length] = size;
    return Entries.addElements(this, Indices.diagonal("diagonalMatrix", target, 0), target);
  }

  /** The sum of the diagonal of the last two axes. */
  public Tensor trace() {
    Windows.requireAxes("trace", 2, this);
    return diagonal().sum(new int[] {-1}, false);
  }

  /** Matrices whose elements above a diagonal are 0; offset 0 is the main one. */
  public Tensor lowerTriangle(int offset) {
    return where(Matrices.triangle(this, offset, true), this, zeros(dtype()));
  }

  /** Matrices whose elements below a diagonal are 0; offset 0 is the main one. */
  public Tensor upperTriangle(int offset) {
    return where(Matrices.triangle(this, offset, false), this, zeros(dtype()));
  }

  /** The sum of the entries of an axis up to each of them. */
  public Tensor cumsum(int axis) {
    return Scans.sums(this, axis, false);
  }

  /** The product of the entries of an axis up to each of them; its derivative is exact at 0 too. */
  public Tensor cumprod(int axis) {
    Shapes.axis("cumprod", axis, shape);
    return narrowed(Scans.running((a, b) -> a.times(b), Scans.wide(roomy()), axis));
  }

  /** The greatest of the entries of an axis up to each of them, NaN after one. */
  public Tensor cummax(int axis) {
    Shapes.axis("cummax", axis, shape);
    return Scans.running((a, b) -> a.maximum(b), this, axis);
  }

  /** The least of the entries of an axis up to each of them, NaN after one. */
  public Tensor cummin(int axis) {
    Shapes.axis("cummin", axis, shape);
    return Scans.running((a, b) -> a.minimum(b), this, axis);
  }

  /** The entries of an axis in ascending order, NaN last; equal elements stay in their order. */
  public Tensor sort(int axis) {
    int at = Shapes.axis("sort", axis, shape);
    return gatherAlong(at, argsort(at), shape[at]);
  }

  /** The indices along an axis that put it in ascending order, in row-major order. */
  @Primitive(ReductionRules.class)
  public int[] argsort(int axis) {
    return Indices.sorted(this, Shapes.axis("argsort", axis, shape), false);
  }

  /** The greatest elements along an axis, in descending order; NaN is the greatest. */
  public Tensor topK(int count, int axis) {
    int at = axisOf("topK", count, axis);
    return gatherAlong(at, argTopK(count, at), count);
  }

  /** The indices along an axis of {@link #topK}, in row-major order. */
  @Primitive(ReductionRules.class)
  public int[] argTopK(int count, int axis) {
    int at = axisOf("argTopK", count, axis);
    return Indices.first(Indices.sorted(this, at, true), shape, at, count);
  }

  /** An axis that has so many entries. */
  private int axisOf(String name, int count, int axis) {
    int at = Shapes.axis(name, axis, shape);
    if (count < 0 || count > shape[at]) {
      throw new ShapeException(
          name
              + " of "
              + count
              + " along axis "
              + axis
              + " of shape "
              + ShapeException.text(shape));
    }
    return at;
  }

  /** The different elements in ascending order, as a vector. */
  public Tensor unique() {
    Tensor sorted = flatAll().sort(0);
    return Entries.take(sorted, 0, Indices.starts(sorted));
  }

  /** The entry of the first axis with this index, without that axis. */
  public Tensor at(int index) {
    int size = size("at", 0);
    if (index < 0 || index >= size) {
      throw Entries.outside("at", index, shape, 0);
    }
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
      if (!Shapes.areEqual(parts[0].shape, parts[i].shape)) {
        throw new ShapeException(
            "stack of "
                + ShapeException.text(parts[0].shape)
                + " and "
                + ShapeException.text(parts[i].shape)
                + ": the shapes must be equal");
      }
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
    return new Tensor(target, elements);
  }

  /** This tensor with a new axis of size 1 at a place. */
  public Tensor insert(int axis) {
    int at = axis < 0 ? axis + rank() + 1 : axis;
    if (at < 0 || at > rank()) {
      throw new ShapeException(
          "insert of axis " + axis + " into shape " + ShapeException.text(shape));
    }
    int[] target = new int[rank() + 1];
    System.arraycopy(shape, 0, target, 0, at);
    target[at] = 1;
    System.arraycopy(shape, at, target, at + 1, rank() - at);
    return reshape(target);
  }

  /** This tensor without an axis of size 1. */
  public Tensor squeeze(int axis) {
    if (size(axis) != 1) {
      throw new ShapeException(
          "squeeze of axis "
              + axis
              + " of shape "
              + ShapeException.text(shape)
              + ": its size is 1");
    }
    return reshape(Shapes.without(shape, Shapes.axes("squeeze", new int[] {axis}, shape)));
  }

  /**
   * The entries of the first axis with these indices, which may be of any whole type, in the place
   * of their index: of rows (words, width) and indices (batch, length) the embeddings (batch,
   * length, width).
   */
  public Tensor gather(Tensor indices) {
    return gather(0, indices);
  }

  /** The entries of an axis with these indices, whose axes take the place of the axis. */
  public Tensor gather(int axis, Tensor indices) {
    int at = Shapes.axis("gather", axis, shape());
    int[] target = Indices.replaced(shape(), at, indices.shape());
    return gather(at, Indices.of("gather", indices)).reshape(target);
  }

  /** The entries along the first dimension with these indices, in their order. */
  public Tensor gather(int[] indices) {
    return gather(0, indices);
  }

  /**
   * The entries along an axis with these indices, in their order and as often as they are named.
   */
  public Tensor gather(int axis, int[] indices) {
    Shapes.check("gather", axis, indices, shape);
    return Entries.take(this, axis, indices);
  }

  /**
   * For each bag the sum of the rows of this matrix that it names: {@code gather} and {@code sum}
   * in one. A bag starts where its offset says and ends where the next starts.
   */
  public Tensor gatherBags(int[] indices, int[] offsets) {
    Shapes.check("gatherBags", 0, indices, shape);
    return gather(indices).scatterSum(0, Indices.bags(indices.length, offsets), offsets.length);
  }

  /** As {@link #gatherBags}, but means; 0 for an empty bag. */
  public Tensor gatherBagMeans(int[] indices, int[] offsets) {
    Shapes.check("gatherBagMeans", 0, indices, shape);
    return gather(indices).scatterMean(0, Indices.bags(indices.length, offsets), offsets.length);
  }

  /**
   * Elements picked along an axis, each by an index of its own, as {@link #argsort} gives them.
   *
   * @param indices in the row-major order of the result
   * @param count the size of the axis in the result
   */
  public Tensor gatherAlong(int axis, int[] indices, int count) {
    int at = Shapes.axis("gatherAlong", axis, shape);
    int[] positions = Indices.along(shape, at, indices, count);
    return Entries.elements(this, positions, Indices.resized(shape, at, count));
  }

  /**
   * As {@link #gatherAlong(int, int[], int)}, with indices of this tensor's shape but for the size
   * of the axis, as PyTorch's {@code gather}.
   */
  public Tensor gatherAlong(int axis, Tensor indices) {
    int at = Shapes.axis("gatherAlong", axis, shape());
    int count = indices.rank() == rank() ? indices.size(at) : -1;
    if (count < 0 || !Shapes.areEqual(indices.shape(), Indices.resized(shape(), at, count))) {
      throw new ShapeException(
          "gatherAlong of shape "
              + ShapeException.text(shape())
              + " with indices of "
              + ShapeException.text(indices.shape())
              + ": the sizes of all axes but "
              + axis
              + " must be equal");
    }
    return gatherAlong(at, Indices.of("gatherAlong", indices), count);
  }

  /** The elements whose mask is not 0, as a vector; the mask has this tensor's shape. */
  public Tensor select(Tensor mask) {
    if (!Shapes.areEqual(shape, mask.shape)) {
      throw new ShapeException(
          "select of shape "
              + ShapeException.text(shape)
              + " by a mask of "
              + ShapeException.text(mask.shape));
    }
    int[] positions = Indices.chosen(mask);
    return Entries.elements(this, positions, new int[] {positions.length});
  }

  /**
   * Zeros with another size of an axis, to which each entry of this tensor's is added at its index:
   * the adjoint of {@link #gather(int, int[])}.
   */
  public Tensor scatterSum(int axis, int[] indices, int size) {
    Shapes.check("scatterSum", axis, indices, size, shape);
    return Entries.add(this, axis, indices, size);
  }

  /** As {@link #scatterSum(int, int[], int)}, with a vector of indices of any whole type. */
  public Tensor scatterSum(int axis, Tensor indices, int size) {
    return scatterSum(axis, Indices.of("scatterSum", indices), size);
  }

  /** As {@link #scatterSum}, but the mean of the entries of an index; 0 where there are none. */
  public Tensor scatterMean(int axis, int[] indices, int size) {
    return Scattered.mean(this, axis, indices, size);
  }

  /** As {@link #scatterSum}, but the product of the entries of an index; 1 where there are none. */
  public Tensor scatterProd(int axis, int[] indices, int size) {
    return Scattered.product(this, axis, indices, size);
  }

  /**
   * As {@link #scatterSum}, but the greatest of the entries of an index; negative infinity where
   * there are none.
   */
  public Tensor scatterMax(int axis, int[] indices, int size) {
    return Scattered.max("scatterMax", this, axis, indices, size);
  }

  /**
   * As {@link #scatterSum}, but the least of the entries of an index; infinity where there are
   * none.
   */
  public Tensor scatterMin(int axis, int[] indices, int size) {
    return Scattered.max("scatterMin", neg(), axis, indices, size).neg();
  }

  /** Of each row of a matrix the element in the column given, as a vector. */
  public Tensor pick(Tensor columns) {
    return pick(Indices.of("pick", columns));
  }

  /** Of each row of a matrix the element in the column given, as a vector. */
  @Primitive(ShapeRules.class)
  public Tensor pick(int[] columns) {
    return Rearrangements.pick(this, columns);
  }

  /**
   * The matrix product of (…, n, m) and (…, m, p). Leading dimensions stretch, so a batch of
   * matrices may meet a single one. Whole numbers wrap around where their type does not hold them.
   */
  @Primitive(ShapeRules.class)
  public Tensor matmul(Tensor other) {
    return MatrixProduct.of(this, false, other, false);
  }

  /**
   * A sum of products in Einstein's notation, as NumPy's {@code einsum}: {@code
   * einsum("bij,bjk->bik", a, b)} is a batch of matrix products, {@code einsum("ii->", a)} a trace.
   * An ellipsis stands for any axes in front.
   */
  public static Tensor einsum(String expression, Tensor... operands) {
    return Einsum.of(expression, operands);
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

  /**
   * The cross-correlation of sequences (batch, channels, length) with kernels (out, channels /
   * groups, k), as {@link #conv2d(Tensor, int, int, int, int)} of images.
   */
  public Tensor conv1d(Tensor kernel, int stride, int padding, int dilation, int groups) {
    return Windows.conv1d(this, kernel, stride, padding, dilation, groups);
  }

  /**
   * The cross-correlation of volumes (batch, channels, depth, height, width) with kernels (out,
   * channels / groups, kd, kh, kw), as {@link #conv2d(Tensor, int, int, int, int)} of images.
   */
  public Tensor conv3d(Tensor kernel, int stride, int padding, int dilation, int groups) {
    return Windows.conv3d(this, kernel, stride, padding, dilation, groups);
  }

  /**
   * The adjoint of {@link #conv1d} with kernels (channels, out, k); the length is {@code (length -
   * 1) stride - 2 padding + k + outputPadding}.
   */
  public Tensor convTranspose1d(Tensor kernel, int stride, int padding, int outputPadding) {
    return Windows.transposed(1, this, kernel, stride, padding, outputPadding);
  }

  /** The adjoint of {@link #conv3d} with kernels (channels, out, kd, kh, kw). */
  public Tensor convTranspose3d(Tensor kernel, int stride, int padding, int outputPadding) {
    return Windows.transposed(3, this, kernel, stride, padding, outputPadding);
  }

  /** The greatest element of each window of sequences (batch, channels, length). */
  public Tensor maxPool1d(int window, int stride, int padding) {
    return Windows.max("maxPool1d", this, 1, window, stride, padding);
  }

  /** The mean of each window of sequences (batch, channels, length); padding counts as zeros. */
  public Tensor meanPool1d(int window, int stride, int padding) {
    return Windows.mean("meanPool1d", this, 1, window, stride, padding);
  }

  /** The greatest element of each window of volumes (batch, channels, depth, height, width). */
  public Tensor maxPool3d(int window, int stride, int padding) {
    return Windows.max("maxPool3d", this, 3, window, stride, padding);
  }

  /** The mean of each window of volumes; padding counts as zeros. */
  public Tensor meanPool3d(int window, int stride, int padding) {
    return Windows.mean("meanPool3d", this, 3, window, stride, padding);
  }

  /** The p-norm of each window of images, {@code (Σ |x|ᵖ)^(1/p)}, with slope 0 where it is 0. */
  public Tensor lpPool2d(double p, int window, int stride) {
    return Windows.norm(this, 2, p, window, stride);
  }

  /** Means of windows of about equal size, so many along each of the last axes. */
  public Tensor adaptiveMeanPool(int... counts) {
    return Windows.adaptiveMean(this, counts);
  }

  /** Greatest elements of windows of about equal size, so many along each of the last axes. */
  public Tensor adaptiveMaxPool(int... counts) {
    return Windows.adaptiveMax(this, counts);
  }

  /**
   * This tensor with other sizes of its last axes, with elements interpolated.
   *
   * @param alignCorners whether the first and last elements stay, else the outer edges of them do
   */
  public Tensor resize(Interpolation interpolation, boolean alignCorners, int... sizes) {
    Windows.requireAxes("resize", sizes.length, this);
    Tensor resized = this;
    for (int i = 0; i < sizes.length; i++) {
      resized = interpolation.resize(resized, rank() - sizes.length + i, sizes[i], alignCorners);
    }
    return resized;
  }

  /**
   * Images (batch, channels r², height, width) as larger ones (batch, channels, height r, width r).
   */
  public Tensor pixelShuffle(int factor) {
    Windows.requireRank("pixelShuffle", this, 4, "(batch, channels, height, width)");
    int channels = size(1) / (factor * factor);
    return reshape(size(0), channels, factor, factor, size(2), size(3))
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(size(0), channels, size(2) * factor, size(3) * factor);
  }

  /**
   * Images (batch, channels, height, width) at places between their pixels, bilinearly.
   *
   * @param grid (batch, rows, columns, 2): x and y, -1 to 1 from edge to edge
   * @param border whether beyond the edge stands the pixel at it, else 0
   */
  public Tensor gridSample(Tensor grid, boolean border) {
    return GridSampling.of(this, grid, border);
  }

  /** The patches of images in columns: (batch, channels window², patches). */
  public Tensor unfold(int window, int stride, int padding) {
    return Windows.unfold(this, window, stride, padding);
  }

  /** Images of a size with the patches of {@link #unfold}, its adjoint, added up. */
  public Tensor fold(int height, int width, int window, int stride, int padding) {
    return Windows.fold(this, height, width, window, stride, padding);
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

package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.VectorSpace;
import java.util.Arrays;

/**
 * An n-dimensional array of floats or doubles, in row-major order, batch first.
 *
 * <p>Operations give new tensors; {@link #assign} alone changes one. Shapes stretch as in NumPy.
 * The operations are differentiable: {@code Grad.gradient} goes through code made of them.
 *
 * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="tensor"}
 */
@Primitive(ForwardRules.class)
public final class Tensor implements VectorSpace<Tensor> {
  private final int[] shape;
  private final Buffer buffer;

  Tensor(int[] shape, Buffer buffer) {
    this.shape = shape;
    this.buffer = buffer;
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

  /** A float32 tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return new Tensor(shape.clone(), new Buffer(DType.FLOAT32, count(shape)));
  }

  private static void check(int size, int[] shape) {
    if (count(shape) != size) {
      throw new ShapeException(
          size + " elements cannot have the shape " + ShapeException.text(shape));
    }
  }

  static int count(int[] shape) {
    int count = 1;
    for (int size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  int[] dimensions() {
    return shape;
  }

  Buffer buffer() {
    return buffer;
  }

  /** The size of each dimension. */
  @Primitive(ElementwiseRules.class)
  public int[] shape() {
    return shape.clone();
  }

  /** The size of a dimension. */
  @Primitive(ElementwiseRules.class)
  public int size(int axis) {
    return shape[axis];
  }

  /** The number of elements. */
  @Primitive(ElementwiseRules.class)
  public int size() {
    return buffer.size();
  }

  /** The type of the elements. */
  @Primitive(ElementwiseRules.class)
  public DType dtype() {
    return buffer.type();
  }

  /** The elements as floats. */
  @Primitive(ElementwiseRules.class)
  public float[] toFloatArray() {
    float[] copy = new float[buffer.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) buffer.get(i);
    }
    return copy;
  }

  /** The elements as doubles. */
  @Primitive(ElementwiseRules.class)
  public double[] toDoubleArray() {
    double[] copy = new double[buffer.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = buffer.get(i);
    }
    return copy;
  }

  @Override
  @Primitive(ElementwiseRules.class)
  public double item() {
    if (buffer.size() != 1) {
      throw new ShapeException("item of shape " + ShapeException.text(shape) + ": not one element");
    }
    return buffer.get(0);
  }

  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor zero() {
    return new Tensor(shape, new Buffer(buffer.type(), buffer.size()));
  }

  /** A tensor of this one's shape and type, all of whose elements are the value. */
  @Primitive(ElementwiseRules.class)
  public Tensor fill(double value) {
    return Kernels.map(this, x -> value);
  }

  /**
   * Takes over the elements of a tensor of the same shape: the one operation that changes a tensor.
   */
  public void assign(Tensor other) {
    if (!Arrays.equals(shape, other.shape)) {
      throw new ShapeException(
          "assign of shape "
              + ShapeException.text(other.shape)
              + " to "
              + ShapeException.text(shape));
    }
    for (int i = 0; i < buffer.size(); i++) {
      buffer.set(i, other.buffer.get(i));
    }
  }

  @Override
  @Primitive(ElementwiseRules.class)
  public Tensor plus(Tensor other) {
    return Kernels.zip("plus", this, other, (a, b) -> a + b);
  }

  /** The difference. */
  @Primitive(ElementwiseRules.class)
  public Tensor minus(Tensor other) {
    return Kernels.zip("minus", this, other, (a, b) -> a - b);
  }

  /** The product, element by element. */
  @Primitive(ElementwiseRules.class)
  public Tensor times(Tensor other) {
    return Kernels.zip("times", this, other, (a, b) -> a * b);
  }

  /** The quotient, element by element. */
  @Primitive(ElementwiseRules.class)
  public Tensor div(Tensor other) {
    return Kernels.zip("div", this, other, (a, b) -> a / b);
  }

  /** The product with a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor times(double factor) {
    return Kernels.map(this, x -> x * factor);
  }

  /** The sum with a number. */
  @Primitive(ElementwiseRules.class)
  public Tensor plus(double term) {
    return Kernels.map(this, x -> x + term);
  }

  /** The negative. */
  public Tensor neg() {
    return times(-1.0);
  }

  /** The exponential function. */
  @Primitive(ElementwiseRules.class)
  public Tensor exp() {
    return Kernels.map(this, Math::exp);
  }

  /** The natural logarithm. */
  @Primitive(ElementwiseRules.class)
  public Tensor log() {
    return Kernels.map(this, Math::log);
  }

  /** The square root. */
  @Primitive(ElementwiseRules.class)
  public Tensor sqrt() {
    return Kernels.map(this, Math::sqrt);
  }

  /** The hyperbolic tangent. */
  @Primitive(ElementwiseRules.class)
  public Tensor tanh() {
    return Kernels.map(this, Math::tanh);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  @Primitive(ElementwiseRules.class)
  public Tensor sigmoid() {
    return Kernels.map(this, x -> 1 / (1 + Math.exp(-x)));
  }

  /** {@code max(x, 0)}. */
  @Primitive(ElementwiseRules.class)
  public Tensor relu() {
    return Kernels.map(this, x -> Math.max(x, 0));
  }

  /** The square. */
  public Tensor square() {
    return times(this);
  }

  /** The sum of all elements, of shape (). */
  @Primitive(ShapeRules.class)
  public Tensor sum() {
    return Kernels.sumTo(this, new int[0]);
  }

  /** The mean of all elements, of shape (). */
  public Tensor mean() {
    return sum().times(1.0 / size());
  }

  /** The sum over a dimension, which stays with size 1. */
  @Primitive(ShapeRules.class)
  public Tensor sum(int axis) {
    int[] kept = shape.clone();
    kept[axis] = 1;
    return Kernels.sumTo(this, kept);
  }

  /** This tensor summed over what stretches, to a shape that stretches to this one's. */
  @Primitive(ShapeRules.class)
  public Tensor sumTo(int[] target) {
    return Arrays.equals(target, shape) ? this : Kernels.sumTo(this, target);
  }

  /** This tensor stretched to a shape. */
  @Primitive(ShapeRules.class)
  public Tensor broadcastTo(int[] target) {
    Tensor zeros = new Tensor(target.clone(), new Buffer(dtype(), count(target)));
    return Kernels.zip("broadcastTo", zeros, this, (a, b) -> b);
  }

  /** The same elements in another shape, one of whose sizes may be -1: what is left. */
  @Primitive(ShapeRules.class)
  public Tensor reshape(int... sizes) {
    int[] target = sizes.clone();
    int known = 1;
    int open = -1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] < 0) {
        open = i;
      } else {
        known *= target[i];
      }
    }
    if (open >= 0 && known != 0) {
      target[open] = size() / known;
    }
    if (count(target) != size()) {
      throw new ShapeException(
          "reshape of " + ShapeException.text(shape) + " to " + ShapeException.text(sizes));
    }
    return new Tensor(target, buffer);
  }

  /** All dimensions from the second on as one. */
  public Tensor flatten() {
    return reshape(size(0), -1);
  }

  /** The transpose of a matrix. */
  @Primitive(ShapeRules.class)
  public Tensor transpose() {
    requireMatrix("transpose", this);
    int n = shape[0];
    int m = shape[1];
    Buffer to = new Buffer(dtype(), size());
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        to.set(j * n + i, buffer.get(i * m + j));
      }
    }
    return new Tensor(new int[] {m, n}, to);
  }

  private static void requireMatrix(String name, Tensor x) {
    if (x.shape.length != 2) {
      throw new ShapeException(
          name + " of shape " + ShapeException.text(x.shape) + ": a matrix is expected");
    }
  }

  /** The matrix product of (n, m) and (m, p). */
  @Primitive(ShapeRules.class)
  public Tensor matmul(Tensor other) {
    requireMatrix("matmul", this);
    requireMatrix("matmul", other);
    if (shape[1] != other.shape[0] || dtype() != other.dtype()) {
      throw new ShapeException(
          "matmul of "
              + ShapeException.text(shape)
              + " and "
              + ShapeException.text(other.shape)
              + ": the first's columns and the second's rows differ in number or type");
    }
    Buffer to = new Buffer(dtype(), shape[0] * other.shape[1]);
    Kernels.multiply(buffer, other.buffer, to, shape[0], shape[1], other.shape[1]);
    return new Tensor(new int[] {shape[0], other.shape[1]}, to);
  }

  /** The entries along the first dimension with these indices. */
  @Primitive(ShapeRules.class)
  public Tensor gather(int[] indices) {
    int[] target = shape.clone();
    target[0] = indices.length;
    int row = shape[0] == 0 ? 0 : size() / shape[0];
    Buffer to = new Buffer(dtype(), count(target));
    for (int i = 0; i < indices.length; i++) {
      int from = java.util.Objects.checkIndex(indices[i], shape[0]) * row;
      for (int j = 0; j < row; j++) {
        to.set(i * row + j, buffer.get(from + j));
      }
    }
    return new Tensor(target, to);
  }

  /** Of each row of a matrix the element in the column given, as a vector. */
  @Primitive(ShapeRules.class)
  public Tensor pick(int[] columns) {
    requireMatrix("pick", this);
    if (columns.length != shape[0]) {
      throw new ShapeException(
          "pick of " + columns.length + " columns from " + ShapeException.text(shape));
    }
    Buffer to = new Buffer(dtype(), columns.length);
    for (int i = 0; i < columns.length; i++) {
      to.set(i, buffer.get(i * shape[1] + java.util.Objects.checkIndex(columns[i], shape[1])));
    }
    return new Tensor(new int[] {columns.length}, to);
  }

  /** The index of each row's greatest element. */
  @Primitive(ShapeRules.class)
  public int[] argmax() {
    requireMatrix("argmax", this);
    int[] result = new int[shape[0]];
    for (int i = 0; i < shape[0]; i++) {
      for (int j = 1; j < shape[1]; j++) {
        if (buffer.get(i * shape[1] + j) > buffer.get(i * shape[1] + result[i])) {
          result[i] = j;
        }
      }
    }
    return result;
  }

  /** Of each row of a matrix the logarithm of the softmax, computed without overflow. */
  @Primitive(ShapeRules.class)
  public Tensor logSoftmax() {
    requireMatrix("logSoftmax", this);
    Buffer to = new Buffer(dtype(), size());
    for (int i = 0; i < shape[0]; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < shape[1]; j++) {
        max = Math.max(max, buffer.get(i * shape[1] + j));
      }
      double sum = 0;
      for (int j = 0; j < shape[1]; j++) {
        sum += Math.exp(buffer.get(i * shape[1] + j) - max);
      }
      double shift = max + Math.log(sum);
      for (int j = 0; j < shape[1]; j++) {
        to.set(i * shape[1] + j, buffer.get(i * shape[1] + j) - shift);
      }
    }
    return new Tensor(shape, to);
  }

  /** Of each row of a matrix the softmax. */
  public Tensor softmax() {
    return logSoftmax().exp();
  }

  /**
   * The cross-correlation of images (batch, channels, height, width) with kernels (out, channels,
   * kh, kw), without padding.
   */
  @Primitive(ConvolutionRules.class)
  public Tensor conv2d(Tensor kernel) {
    return Convolution.forward(this, kernel);
  }

  /** The greatest element of each window of images, windows side by side. */
  @Primitive(ConvolutionRules.class)
  public Tensor maxPool2d(int window) {
    return Convolution.maxPool(this, window);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Tensor");
    text.append(ShapeException.text(shape)).append(" of ").append(dtype()).append(" [");
    for (int i = 0; i < Math.min(8, size()); i++) {
      text.append(i == 0 ? "" : ", ").append(buffer.get(i));
    }
    return text.append(size() > 8 ? ", …]" : "]").toString();
  }
}

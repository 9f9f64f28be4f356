package dev.fluxion.tensor;

import java.util.Arrays;

/**
 * The elements of a tensor: floats or doubles, in row-major order. It is filled by the operation
 * that makes it and never changes afterwards, so tensors of other shapes share it.
 *
 * <p>Whole runs are moved by loops over one kind of array, which C2 turns into vector instructions;
 * {@link #get} and {@link #set} are for single elements.
 */
final class Buffer {
  private static final float[] NO_FLOATS = {};
  private static final double[] NO_DOUBLES = {};

  private final DType type;

  final float[] floats;
  final double[] doubles;

  Buffer(DType type, int size) {
    this.type = type;
    this.floats = type == DType.FLOAT32 ? new float[size] : NO_FLOATS;
    this.doubles = type == DType.FLOAT64 ? new double[size] : NO_DOUBLES;
  }

  Buffer(float[] floats) {
    this.type = DType.FLOAT32;
    this.floats = floats;
    this.doubles = NO_DOUBLES;
  }

  Buffer(double[] doubles) {
    this.type = DType.FLOAT64;
    this.floats = NO_FLOATS;
    this.doubles = doubles;
  }

  DType type() {
    return type;
  }

  /** Whether {@link #floats} holds the elements; else {@link #doubles} does. */
  boolean isFloat32() {
    return type == DType.FLOAT32;
  }

  int size() {
    return isFloat32() ? floats.length : doubles.length;
  }

  double get(int index) {
    return isFloat32() ? floats[index] : doubles[index];
  }

  void set(int index, double value) {
    if (isFloat32()) {
      floats[index] = (float) value;
    } else {
      doubles[index] = value;
    }
  }

  void add(int index, double value) {
    if (isFloat32()) {
      floats[index] += (float) value;
    } else {
      doubles[index] += value;
    }
  }

  void fill(int from, int to, double value) {
    if (isFloat32()) {
      Arrays.fill(floats, from, to, (float) value);
    } else {
      Arrays.fill(doubles, from, to, value);
    }
  }

  Buffer copy() {
    return isFloat32() ? new Buffer(floats.clone()) : new Buffer(doubles.clone());
  }

  /** The same elements in another type. */
  Buffer as(DType type) {
    if (type == this.type) {
      return this;
    }
    Buffer to = new Buffer(type, size());
    if (isFloat32()) {
      for (int i = 0; i < floats.length; i++) {
        to.doubles[i] = floats[i];
      }
    } else {
      for (int i = 0; i < doubles.length; i++) {
        to.floats[i] = (float) doubles[i];
      }
    }
    return to;
  }

  /** Elements that lie together, from another buffer. */
  void copy(Buffer from, int index, int to, int count) {
    if (isFloat32()) {
      System.arraycopy(from.floats, index, floats, to, count);
    } else {
      System.arraycopy(from.doubles, index, doubles, to, count);
    }
  }

  /** Elements a stride apart in another buffer, put together here. */
  void gather(Buffer from, int index, int stride, int to, int count) {
    if (stride == 1) {
      copy(from, index, to, count);
    } else if (isFloat32()) {
      float[] source = from.floats;
      for (int i = 0; i < count; i++) {
        floats[to + i] = source[index + i * stride];
      }
    } else {
      double[] source = from.doubles;
      for (int i = 0; i < count; i++) {
        doubles[to + i] = source[index + i * stride];
      }
    }
  }

  /** Elements together in another buffer, put a stride apart here. */
  void scatter(Buffer from, int index, int to, int stride, int count) {
    if (isFloat32()) {
      float[] source = from.floats;
      for (int i = 0; i < count; i++) {
        floats[to + i * stride] = source[index + i];
      }
    } else {
      double[] source = from.doubles;
      for (int i = 0; i < count; i++) {
        doubles[to + i * stride] = source[index + i];
      }
    }
  }

  /** Elements together in another buffer, added to elements a stride apart here. */
  void scatterAdd(Buffer from, int index, int to, int stride, int count) {
    if (isFloat32()) {
      float[] source = from.floats;
      if (stride == 1) {
        for (int i = 0; i < count; i++) {
          floats[to + i] += source[index + i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          floats[to + i * stride] += source[index + i];
        }
      }
    } else {
      double[] source = from.doubles;
      for (int i = 0; i < count; i++) {
        doubles[to + i * stride] += source[index + i];
      }
    }
  }

  /** Adds a multiple of elements that lie together in another buffer. */
  void addScaled(double factor, Buffer from, int index, int to, int count) {
    if (isFloat32()) {
      float[] source = from.floats;
      float scale = (float) factor;
      for (int i = 0; i < count; i++) {
        floats[to + i] += scale * source[index + i];
      }
    } else {
      double[] source = from.doubles;
      for (int i = 0; i < count; i++) {
        doubles[to + i] += factor * source[index + i];
      }
    }
  }
}

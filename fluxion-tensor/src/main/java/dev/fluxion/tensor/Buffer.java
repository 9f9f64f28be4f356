package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The elements of a tensor: floats or doubles, in row-major order. */
final class Buffer {
  final float @Nullable [] floats;
  final double @Nullable [] doubles;

  Buffer(DType type, int size) {
    this.floats = type == DType.FLOAT32 ? new float[size] : null;
    this.doubles = type == DType.FLOAT64 ? new double[size] : null;
  }

  Buffer(float[] floats) {
    this.floats = floats;
    this.doubles = null;
  }

  Buffer(double[] doubles) {
    this.floats = null;
    this.doubles = doubles;
  }

  DType type() {
    return floats != null ? DType.FLOAT32 : DType.FLOAT64;
  }

  int size() {
    return floats != null ? floats.length : requireNonNull(doubles).length;
  }

  double get(int index) {
    return floats != null ? floats[index] : requireNonNull(doubles)[index];
  }

  void set(int index, double value) {
    if (floats != null) {
      floats[index] = (float) value;
    } else {
      requireNonNull(doubles)[index] = value;
    }
  }

  void add(int index, double value) {
    if (floats != null) {
      floats[index] += (float) value;
    } else {
      requireNonNull(doubles)[index] += value;
    }
  }
}

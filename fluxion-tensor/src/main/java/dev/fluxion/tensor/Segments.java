package dev.fluxion.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Copies of elements between tensors and memory outside them. */
final class Segments {
  private Segments() {}

  static Buffer read(DType type, MemorySegment from, int[] shape, ByteOrder order) {
    int count = Shapes.count(shape);
    if (from.byteSize() != (long) count * type.bytes()) {
      throw new ShapeException(
          from.byteSize()
              + " bytes cannot have the shape "
              + ShapeException.text(shape)
              + " of "
              + type
              + ", which takes "
              + (long) count * type.bytes());
    }
    return Stored.of(type).read(from, count, order);
  }

  static Buffer read(java.nio.Buffer from, int[] shape) {
    MemorySegment bytes = MemorySegment.ofBuffer(from);
    return switch (from) {
      case FloatBuffer floats -> read(DType.FLOAT32, bytes, shape, floats.order());
      case DoubleBuffer doubles -> read(DType.FLOAT64, bytes, shape, doubles.order());
      case ByteBuffer _ -> read(DType.INT8, bytes, shape, ByteOrder.nativeOrder());
      case ShortBuffer shorts -> read(DType.INT16, bytes, shape, shorts.order());
      case IntBuffer ints -> read(DType.INT32, bytes, shape, ints.order());
      case LongBuffer longs -> read(DType.INT64, bytes, shape, longs.order());
      case CharBuffer _ -> throw new ShapeException("a buffer of characters is no tensor");
    };
  }

  static void write(Tensor x, MemorySegment to) {
    if (to.byteSize() < Stored.bytes(x)) {
      throw new ShapeException(
          "copyTo of "
              + ShapeException.text(x.dimensions())
              + " of "
              + x.dtype()
              + ": "
              + Stored.bytes(x)
              + " bytes do not fit into "
              + to.byteSize());
    }
    Stored.write(x.buffer(), to, ByteOrder.nativeOrder());
  }
}

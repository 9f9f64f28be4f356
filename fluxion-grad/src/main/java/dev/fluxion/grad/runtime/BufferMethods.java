package dev.fluxion.grad.runtime;

import java.nio.Buffer;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The methods of buffers through which numbers pass, in plain Java, for buffers that have an array:
 * the array is what has a shadow. What a buffer of other memory is asked is a constant, and what
 * depends on the arguments is not put into it.
 */
public final class BufferMethods {
  private BufferMethods() {}

  /** Where {@code count} elements from the position on are; the position goes behind them. */
  private static int taken(Buffer buffer, int count, boolean isPut) {
    int at = buffer.position();
    if (count > buffer.limit() - at) {
      throw isPut ? new BufferOverflowException() : new BufferUnderflowException();
    }
    buffer.position(at + count);
    return at;
  }

  // ---------------------------------------------------------------- of doubles

  /** {@code DoubleBuffer.allocate}. */
  public static DoubleBuffer newDoubleBuffer(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity < 0: (" + capacity + " < 0)");
    }
    return DoubleBuffer.wrap(new double[capacity]);
  }

  /** {@code DoubleBuffer.get}. */
  public static double get(DoubleBuffer buffer) {
    return buffer.hasArray()
        ? buffer.array()[buffer.arrayOffset() + taken(buffer, 1, false)]
        : buffer.get();
  }

  /** {@code DoubleBuffer.get}. */
  public static double get(DoubleBuffer buffer, int index) {
    return buffer.hasArray()
        ? buffer.array()[buffer.arrayOffset() + Objects.checkIndex(index, buffer.limit())]
        : buffer.get(index);
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, double x) {
    if (!buffer.hasArray()) {
      return buffer.put(x);
    }
    buffer.array()[buffer.arrayOffset() + taken(buffer, 1, true)] = x;
    return buffer;
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, int index, double x) {
    if (!buffer.hasArray()) {
      return buffer.put(index, x);
    }
    buffer.array()[buffer.arrayOffset() + Objects.checkIndex(index, buffer.limit())] = x;
    return buffer;
  }

  /** {@code DoubleBuffer.get}. */
  public static DoubleBuffer get(DoubleBuffer buffer, double[] to) {
    return get(buffer, to, 0, to.length);
  }

  /** {@code DoubleBuffer.get}. */
  public static DoubleBuffer get(DoubleBuffer buffer, double[] to, int start, int count) {
    Objects.checkFromIndexSize(start, count, to.length);
    return get(buffer, taken(buffer, count, false), to, start, count);
  }

  /** {@code DoubleBuffer.get}. */
  public static DoubleBuffer get(DoubleBuffer buffer, int index, double[] to) {
    return get(buffer, index, to, 0, to.length);
  }

  /** {@code DoubleBuffer.get}. */
  public static DoubleBuffer get(
      DoubleBuffer buffer, int index, double[] to, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, to.length);
    for (int i = 0; i < count; i++) {
      to[start + i] = get(buffer, index + i);
    }
    return buffer;
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, double[] from) {
    return put(buffer, from, 0, from.length);
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, double[] from, int start, int count) {
    Objects.checkFromIndexSize(start, count, from.length);
    return put(buffer, taken(buffer, count, true), from, start, count);
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, int index, double[] from) {
    return put(buffer, index, from, 0, from.length);
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(
      DoubleBuffer buffer, int index, double[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, from.length);
    for (int i = 0; i < count; i++) {
      put(buffer, index + i, from[start + i]);
    }
    return buffer;
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(DoubleBuffer buffer, DoubleBuffer from) {
    if (from == buffer) {
      throw new IllegalArgumentException("The source buffer is this buffer");
    }
    int count = from.remaining();
    if (count > buffer.remaining()) {
      throw new BufferOverflowException();
    }
    double[] numbers = new double[count];
    get(from, numbers);
    return put(buffer, numbers);
  }

  /** {@code DoubleBuffer.put}. */
  public static DoubleBuffer put(
      DoubleBuffer buffer, int index, DoubleBuffer from, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, from.limit());
    double[] numbers = new double[count]; // the buffers may share an array
    get(from, start, numbers);
    return put(buffer, index, numbers);
  }

  /** {@code DoubleBuffer.compact}. */
  public static DoubleBuffer compact(DoubleBuffer buffer) {
    if (!buffer.hasArray()) {
      return buffer.compact();
    }
    int count = buffer.remaining();
    for (int i = 0; i < count; i++) {
      put(buffer, i, get(buffer, buffer.position() + i));
    }
    return buffer.limit(buffer.capacity()).position(count);
  }

  // ---------------------------------------------------------------- of floats

  /** {@code FloatBuffer.allocate}. */
  public static FloatBuffer newFloatBuffer(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity < 0: (" + capacity + " < 0)");
    }
    return FloatBuffer.wrap(new float[capacity]);
  }

  /** {@code FloatBuffer.get}. */
  public static float get(FloatBuffer buffer) {
    return buffer.hasArray()
        ? buffer.array()[buffer.arrayOffset() + taken(buffer, 1, false)]
        : buffer.get();
  }

  /** {@code FloatBuffer.get}. */
  public static float get(FloatBuffer buffer, int index) {
    return buffer.hasArray()
        ? buffer.array()[buffer.arrayOffset() + Objects.checkIndex(index, buffer.limit())]
        : buffer.get(index);
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, float x) {
    if (!buffer.hasArray()) {
      return buffer.put(x);
    }
    buffer.array()[buffer.arrayOffset() + taken(buffer, 1, true)] = x;
    return buffer;
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, int index, float x) {
    if (!buffer.hasArray()) {
      return buffer.put(index, x);
    }
    buffer.array()[buffer.arrayOffset() + Objects.checkIndex(index, buffer.limit())] = x;
    return buffer;
  }

  /** {@code FloatBuffer.get}. */
  public static FloatBuffer get(FloatBuffer buffer, float[] to) {
    return get(buffer, to, 0, to.length);
  }

  /** {@code FloatBuffer.get}. */
  public static FloatBuffer get(FloatBuffer buffer, float[] to, int start, int count) {
    Objects.checkFromIndexSize(start, count, to.length);
    return get(buffer, taken(buffer, count, false), to, start, count);
  }

  /** {@code FloatBuffer.get}. */
  public static FloatBuffer get(FloatBuffer buffer, int index, float[] to) {
    return get(buffer, index, to, 0, to.length);
  }

  /** {@code FloatBuffer.get}. */
  public static FloatBuffer get(FloatBuffer buffer, int index, float[] to, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, to.length);
    for (int i = 0; i < count; i++) {
      to[start + i] = get(buffer, index + i);
    }
    return buffer;
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, float[] from) {
    return put(buffer, from, 0, from.length);
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, float[] from, int start, int count) {
    Objects.checkFromIndexSize(start, count, from.length);
    return put(buffer, taken(buffer, count, true), from, start, count);
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, int index, float[] from) {
    return put(buffer, index, from, 0, from.length);
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, int index, float[] from, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, from.length);
    for (int i = 0; i < count; i++) {
      put(buffer, index + i, from[start + i]);
    }
    return buffer;
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(FloatBuffer buffer, FloatBuffer from) {
    if (from == buffer) {
      throw new IllegalArgumentException("The source buffer is this buffer");
    }
    int count = from.remaining();
    if (count > buffer.remaining()) {
      throw new BufferOverflowException();
    }
    float[] numbers = new float[count];
    get(from, numbers);
    return put(buffer, numbers);
  }

  /** {@code FloatBuffer.put}. */
  public static FloatBuffer put(
      FloatBuffer buffer, int index, FloatBuffer from, int start, int count) {
    Objects.checkFromIndexSize(index, count, buffer.limit());
    Objects.checkFromIndexSize(start, count, from.limit());
    float[] numbers = new float[count]; // the buffers may share an array
    get(from, start, numbers);
    return put(buffer, index, numbers);
  }

  /** {@code FloatBuffer.compact}. */
  public static FloatBuffer compact(FloatBuffer buffer) {
    if (!buffer.hasArray()) {
      return buffer.compact();
    }
    int count = buffer.remaining();
    for (int i = 0; i < count; i++) {
      put(buffer, i, get(buffer, buffer.position() + i));
    }
    return buffer.limit(buffer.capacity()).position(count);
  }
}

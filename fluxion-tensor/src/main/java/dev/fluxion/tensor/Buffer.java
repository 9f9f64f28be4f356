package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Loans;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a tensor in arrays to compute with, in row-major order: floats for float32, the
 * 16-bit floating-point types and truth values, doubles for float64, longs for whole numbers. It is
 * filled by the operation that makes it and changes no more while tensors of other shapes share it.
 *
 * <p>Whole runs are moved by loops over one kind of array, which C2 turns into vector instructions;
 * {@link #get} and {@link #set} are for single elements.
 */
final class Buffer implements Storage, Loans.Loan {
  static {
    Loans.expect();
  }

  private static final float[] NO_FLOATS = {};
  private static final double[] NO_DOUBLES = {};
  private static final long[] NO_LONGS = {};

  private final DType type;
  private final boolean isFloat32;

  final float[] floats;
  final double[] doubles;
  final long[] longs;
  private @Nullable Object allocation; // what counts the array while this has it
  private boolean isKept;
  private int holders; // of whom threads that begin to hold it at once may forget some, but not all

  /** Zeros. */
  Buffer(DType type, int size) {
    this(type, size, true);
  }

  private Buffer(DType type, int size, boolean isZero) {
    this.type = type;
    this.isFloat32 = type != DType.FLOAT64 && !type.isWhole();
    Loans loans = type.isWhole() ? null : Spares.loans(size);
    Spares.Spare spare = loans == null ? null : Spares.take(loans, type, size);
    this.longs = type.isWhole() ? new long[size] : NO_LONGS;
    if (spare == null) {
      this.floats = isFloat32 ? new float[size] : NO_FLOATS;
      this.doubles = type == DType.FLOAT64 ? new double[size] : NO_DOUBLES;
      this.allocation = Allocations.count(bytes());
    } else {
      this.floats = isFloat32 ? (float[]) spare.array() : NO_FLOATS;
      this.doubles = isFloat32 ? NO_DOUBLES : (double[]) spare.array();
      this.allocation = spare.allocation();
      if (isZero) {
        fill(0, size, 0);
      }
    }
    if (loans != null) {
      loans.add(this);
    }
  }

  /** Elements that are to be set, all of them. */
  static Buffer unset(DType type, int size) {
    Buffer buffer = new Buffer(type, size, false);
    if (Spares.ARE_SPOILT && !type.isWhole()) {
      buffer.fill(0, size, Double.NaN);
    }
    return buffer;
  }

  /**
   * Several of such elements: what is new of them all cores clear, which takes long of large
   * arrays.
   */
  static Buffer[] unset(DType type, int size, int count) {
    if (count == 1 || size < Spares.LARGE || Allocations.isTraced()) {
      Buffer[] few = new Buffer[count];
      Arrays.setAll(few, _ -> unset(type, size));
      return few;
    }
    Loans loans = Spares.loans(size);
    Spares.@Nullable Spare[] spares = new Spares.Spare[count];
    for (int i = 0; i < count && loans != null; i++) {
      spares[i] = Spares.take(loans, type, size);
    }
    Buffer[] all = new Buffer[count];
    Parallel.tasks(count, i -> all[i] = of(type, size, spares[i]));
    for (Buffer one : all) {
      if (loans != null) {
        loans.add(one);
      }
      if (Spares.ARE_SPOILT) {
        one.fill(0, size, Double.NaN);
      }
    }
    return all;
  }

  private static Buffer of(DType type, int size, Spares.@Nullable Spare spare) {
    boolean isFloat32 = type == DType.FLOAT32;
    if (spare == null) {
      return (isFloat32 ? new Buffer(new float[size]) : new Buffer(new double[size])).counted();
    }
    Buffer known =
        isFloat32 ? new Buffer((float[]) spare.array()) : new Buffer((double[]) spare.array());
    known.allocation = spare.allocation();
    return known;
  }

  Buffer(float[] floats) {
    this(DType.FLOAT32, floats);
  }

  /** Elements of a type that is computed with in float32. */
  Buffer(DType type, float[] floats) {
    this.type = type;
    this.isFloat32 = true;
    this.floats = floats;
    this.doubles = NO_DOUBLES;
    this.longs = NO_LONGS;
  }

  Buffer(double[] doubles) {
    this.type = DType.FLOAT64;
    this.isFloat32 = false;
    this.floats = NO_FLOATS;
    this.doubles = doubles;
    this.longs = NO_LONGS;
  }

  /** Elements of a whole type. */
  Buffer(DType type, long[] longs) {
    this.type = type;
    this.isFloat32 = false;
    this.floats = NO_FLOATS;
    this.doubles = NO_DOUBLES;
    this.longs = longs;
  }

  @Override
  public DType type() {
    return type;
  }

  @Override
  public Buffer buffer() {
    return this;
  }

  @Override
  public Packed packed() {
    return Packed.of(this);
  }

  /** Says that a tensor, what will be computed, or what is remembered of a tensor holds it. */
  @Override
  public void hold() {
    holders++;
  }

  /** Says that one that held it no longer does, and that nobody else begins or ends to. */
  void letGo() {
    holders--;
  }

  /** Whether more than one do, so that it must stay as it is. */
  boolean isShared() {
    return holders > 1;
  }

  @Override
  public void keep() {
    isKept = true;
  }

  /** This, of which someone else is about to have the array itself. */
  Buffer handedOut() {
    keep();
    return this;
  }

  @Override
  public boolean isKept() {
    return isKept;
  }

  @Override
  public boolean own() {
    return true;
  }

  @Override
  public void giveBack() {
    if (Spares.ARE_SPOILT) {
      fill(0, size(), Double.NaN);
    } else {
      Spares.give(array(), isFloat32, size(), allocation);
    }
  }

  /** Counts the array, which is new. */
  Buffer counted() {
    allocation = Allocations.count(bytes());
    return this;
  }

  private long bytes() {
    return (long) size() * (isFloat32 ? Float.BYTES : Long.BYTES);
  }

  /** Whether {@link #floats} holds the elements; else {@link #doubles} or {@link #longs} does. */
  boolean isFloat32() {
    return isFloat32;
  }

  /** The array of floating-point elements. */
  Object array() {
    return isFloat32 ? floats : doubles;
  }

  /** Whether {@link #longs} holds the elements. */
  boolean isWhole() {
    return longs != NO_LONGS;
  }

  @Override
  public int size() {
    return isFloat32 ? floats.length : isWhole() ? longs.length : doubles.length;
  }

  double get(int index) {
    return isFloat32 ? floats[index] : isWhole() ? (double) longs[index] : doubles[index];
  }

  void set(int index, double value) {
    if (isFloat32) {
      floats[index] = (float) value;
    } else if (isWhole()) {
      longs[index] = (long) value;
    } else {
      doubles[index] = value;
    }
  }

  void add(int index, double value) {
    if (isFloat32) {
      floats[index] += (float) value;
    } else if (isWhole()) {
      longs[index] += (long) value;
    } else {
      doubles[index] += value;
    }
  }

  void fill(int from, int to, double value) {
    if (isFloat32) {
      Arrays.fill(floats, from, to, (float) value);
    } else if (isWhole()) {
      Arrays.fill(longs, from, to, (long) value);
    } else {
      Arrays.fill(doubles, from, to, value);
    }
  }

  /** As {@link #fill(int, int, double)}, with an element of a buffer of the same type. */
  void fill(int from, int to, Buffer source, int index) {
    if (isWhole()) {
      Arrays.fill(longs, from, to, source.longs[index]);
    } else {
      fill(from, to, source.get(index));
    }
  }

  Buffer copy() {
    Buffer copy =
        isFloat32
            ? new Buffer(type, floats.clone())
            : isWhole() ? new Buffer(type, longs.clone()) : new Buffer(doubles.clone());
    return copy.counted();
  }

  /** The same elements in another type. */
  Buffer as(DType type) {
    return type == this.type ? this : Casts.cast(this, type);
  }

  /** Elements that lie together, from another buffer. */
  void copy(Buffer from, int index, int to, int count) {
    if (isFloat32) {
      System.arraycopy(from.floats, index, floats, to, count);
    } else if (isWhole()) {
      System.arraycopy(from.longs, index, longs, to, count);
    } else {
      System.arraycopy(from.doubles, index, doubles, to, count);
    }
  }

  /** Elements a stride apart in another buffer, put together here. */
  void gather(Buffer from, int index, int stride, int to, int count) {
    if (stride == 1) {
      copy(from, index, to, count);
    } else if (isFloat32) {
      float[] source = from.floats;
      for (int i = 0; i < count; i++) {
        floats[to + i] = source[index + i * stride];
      }
    } else if (isWhole()) {
      long[] source = from.longs;
      for (int i = 0; i < count; i++) {
        longs[to + i] = source[index + i * stride];
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
    if (isFloat32) {
      float[] source = from.floats;
      for (int i = 0; i < count; i++) {
        floats[to + i * stride] = source[index + i];
      }
    } else if (isWhole()) {
      long[] source = from.longs;
      for (int i = 0; i < count; i++) {
        longs[to + i * stride] = source[index + i];
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
    if (isFloat32) {
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
    } else if (isWhole()) {
      long[] source = from.longs;
      for (int i = 0; i < count; i++) {
        longs[to + i * stride] += source[index + i];
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
    if (isFloat32) {
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

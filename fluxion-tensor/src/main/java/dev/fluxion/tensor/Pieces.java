package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.tensor.Schedule.Form;
import dev.fluxion.tensor.Schedule.Sort;
import dev.fluxion.tensor.Schedule.Step;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Operations on the elements of one shape, done for a piece of them after the other. At first each
 * operation is the loop that it has for itself, and what it hands on to the next stays in the
 * cache. Where that is done often, they become one loop, see {@link FusedLoops}, with the same
 * bits.
 *
 * <p>Inputs that stretch to the shape are read in place where they are one number, or where the
 * shape's last axes are long; where these are short they are copied into the pieces.
 */
final class Pieces implements Step {
  /** How many elements a piece has: a dozen of pieces fit into the first cache. */
  private static final int LENGTH = 1024;

  /** Rows of fewer elements are put together in pieces. */
  private static final int SHORT = 256;

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  private final int[] shape;
  private final int size;
  private final Loop[] loops;
  private final int[] inputs;
  private final int[] outputs;
  private final DType type;
  private final int scratch;
  private final Reading[] readings;
  private final @Nullable Walk walk;
  private final int inner;
  private final int rows; // of inner elements, in a piece
  private final boolean isMoving; // whether something stretches that is not one row
  private final int grain;
  private final FusedLoops.Recipe recipe;
  private final @Nullable GradualLoop all; // operations in one

  /**
   * What is done with registers.
   *
   * @param second the second operand, or the first one again
   */
  record Operation(Entrywise function, int first, int second, int target) {}

  /** How a piece of an input is read. */
  private enum Reading {
    /** In place. */
    FLAT,
    /** It is one number. */
    FIXED,
    /** It stretches. */
    ROWS,
    /** It stretches, and is one row again and again. */
    ROW
  }

  /** An operation with its loop, for either type. */
  private static final class Loop {
    private final Unary.@Nullable Loops one;
    private final Binary.@Nullable Loops two;
    private final int first;
    private final int second;
    private final int target;

    Loop(Operation operation, int count) {
      this.one = operation.function instanceof Unary f ? f.loops(count) : null;
      this.two = operation.function instanceof Binary f ? f.loops(count) : null;
      this.first = operation.first;
      this.second = operation.second;
      this.target = operation.target;
    }

    void run(float[][] arrays, int[] at, int[] step, int count) {
      if (one != null) {
        one.run(arrays[first], at[first], arrays[target], at[target], count);
      } else if (two != null) {
        two.run(
            arrays[first],
            at[first],
            step[first],
            arrays[second],
            at[second],
            step[second],
            arrays[target],
            at[target],
            count);
      }
    }

    void run(double[][] arrays, int[] at, int[] step, int count) {
      if (one != null) {
        one.run(arrays[first], at[first], arrays[target], at[target], count);
      } else if (two != null) {
        two.run(
            arrays[first],
            at[first],
            step[first],
            arrays[second],
            at[second],
            step[second],
            arrays[target],
            at[target],
            count);
      }
    }
  }

  /** A thread's own arrays. */
  private static final class Room {
    private float[][] floats = {};
    private double[][] doubles = {};

    float[] floats(int index) {
      while (floats.length <= index) {
        floats = Arrays.copyOf(floats, floats.length + 1);
        floats[floats.length - 1] = new float[LENGTH];
      }
      return floats[index];
    }

    double[] doubles(int index) {
      while (doubles.length <= index) {
        doubles = Arrays.copyOf(doubles, doubles.length + 1);
        doubles[doubles.length - 1] = new double[LENGTH];
      }
      return doubles[index];
    }
  }

  /**
   * Operations.
   *
   * @param operations on registers: first those of the inputs, then those of the outputs, then room
   * @param inputs the values that are read, of these forms
   * @param outputs the values that are set
   */
  Pieces(
      int[] shape,
      List<Operation> operations,
      List<Integer> inputs,
      List<Form> forms,
      List<Integer> outputs,
      DType type) {
    this.shape = shape;
    this.size = Shapes.count(shape);
    this.inputs = inputs.stream().mapToInt(Integer::intValue).toArray();
    this.outputs = outputs.stream().mapToInt(Integer::intValue).toArray();
    this.type = type;
    int fixed = inputs.size() + outputs.size();
    this.scratch =
        operations.stream().mapToInt(operation -> operation.target + 1 - fixed).max().orElse(0);
    this.readings = new Reading[inputs.size()];
    boolean hasRows = false;
    for (int i = 0; i < readings.length; i++) {
      readings[i] = reading(forms.get(i));
      hasRows |= readings[i] == Reading.ROWS;
    }
    this.walk =
        hasRows
            ? Walk.over(shape, forms.stream().map(this::stretching).toArray(int[][]::new))
            : null;
    this.inner = walk == null ? 1 : walk.inner();
    this.rows = walk == null || inner >= SHORT ? 0 : LENGTH / inner;
    for (int i = 0; i < readings.length && rows > 0; i++) {
      if (readings[i] == Reading.ROWS && requireNonNull(walk).isOneRow(i)) {
        readings[i] = Reading.ROW;
      }
    }
    this.isMoving = Arrays.asList(readings).contains(Reading.ROWS);
    int length = walk == null ? LENGTH : rows == 0 ? inner : rows * inner;
    int count = Math.min(Math.min(size, length), LENGTH);
    this.loops =
        operations.stream().map(operation -> new Loop(operation, count)).toArray(Loop[]::new);
    int cost = operations.stream().mapToInt(operation -> operation.function.cost()).sum();
    this.grain = Elementwise.GRAIN / cost / length;
    this.recipe =
        new FusedLoops.Recipe(
            List.copyOf(operations), inputs.size(), outputs.size(), type, fixed());
    this.all = recipe.loop(count);
  }

  /** These, or what does the same in less time for few elements. */
  Step step() {
    boolean isOnePiece = size <= LENGTH && walk == null;
    return isOnePiece && recipe.isPossible()
        ? new OnePiece(shape, inputs, outputs, recipe, this)
        : this;
  }

  /** The inputs, as bits, of which one element is that of a piece. */
  private long fixed() {
    long fixed = 0;
    for (int i = 0; i < readings.length; i++) {
      boolean stays =
          readings[i] == Reading.FIXED
              || (readings[i] == Reading.ROWS && rows == 0 && requireNonNull(walk).step(i) == 0);
      fixed |= stays ? 1L << i : 0;
    }
    return fixed;
  }

  private Reading reading(Form form) {
    if (form.sort() == Sort.NUMBER || form.sort() == Sort.REPEATED) {
      return Reading.FIXED;
    }
    int count = Shapes.count(form.shape());
    return count == size ? Reading.FLAT : count == 1 ? Reading.FIXED : Reading.ROWS;
  }

  /** The shape that an input is walked with. */
  private int[] stretching(Form form) {
    return reading(form) == Reading.FIXED ? new int[0] : form.shape();
  }

  // ---------------------------------------------------------------- running

  @Override
  public void run(@Nullable Object[] values) {
    if (outputs.length == 1 && size >= Mapped.FEWEST) {
      values[outputs[0]] = new Tensor(shape, later(values));
      return;
    }
    Buffer[] to = Buffer.unset(type, size, outputs.length);
    for (int i = 0; i < to.length; i++) {
      values[outputs[i]] = new Tensor(shape, to[i]);
    }
    run(buffers(i -> values[inputs[i]]), to);
  }

  /** The only result, computed once it is needed, of what the inputs are now. */
  private Mapped later(@Nullable Object[] values) {
    Object[] given = new Object[inputs.length];
    for (int i = 0; i < given.length; i++) {
      Object input = requireNonNull(values[inputs[i]]);
      given[i] = input instanceof Tensor x ? Mapped.given(x) : input;
    }
    Mapped.Work work =
        new Mapped.Work() {
          @Override
          public void run(Buffer to) {
            Pieces.this.run(buffers(i -> given[i]), new Buffer[] {to});
          }

          @Override
          public Mapped.@Nullable Part part() {
            if (walk != null) {
              return null;
            }
            Buffer[] from = buffers(i -> given[i]);
            MethodHandle fast = fast();
            return (start, end, to) ->
                new Run(from, new Buffer[] {to}, fast).throughPart(start, end);
          }
        };
    Tensor[] tensors = Arrays.stream(given).filter(Tensor.class::isInstance).toArray(Tensor[]::new);
    return new Mapped(type, size, work, tensors);
  }

  private Buffer[] buffers(IntFunction<@Nullable Object> input) {
    Buffer[] from = new Buffer[inputs.length];
    Arrays.setAll(from, i -> buffer(input.apply(i), type));
    return from;
  }

  private @Nullable MethodHandle fast() {
    return all == null ? null : all.get(size, FusedLoops.trial(recipe));
  }

  private void run(Buffer[] from, Buffer[] to) {
    MethodHandle fast = fast();
    if (walk != null && rows == 0) {
      Parallel.ranges(
          size / inner,
          grain,
          (start, end) -> new Run(from, to, fast).throughRows(walk, start, end));
    } else {
      int length = rows == 0 ? LENGTH : rows * inner;
      int count = (size + length - 1) / length;
      if (count <= 1) {
        new Run(from, to, fast).through(length, 0, count);
      } else {
        Parallel.ranges(
            count, grain, (start, end) -> new Run(from, to, fast).through(length, start, end));
      }
    }
  }

  /** The elements of a tensor, or a number as one. */
  static Buffer buffer(@Nullable Object input, DType type) {
    if (input instanceof Tensor x) {
      return Elementwise.few(x);
    }
    Buffer number = new Buffer(type, 1);
    number.set(0, ((Number) requireNonNull(input)).doubleValue());
    return number;
  }

  /** A run through pieces by one thread. */
  private final class Run {
    private final Buffer[] from;
    private final int[] at;
    private final int[] step;
    private final float[][] floats;
    private final double[][] doubles;
    private final @Nullable MethodHandle fast;
    private final Object[] read;
    private final Object[] written;

    Run(Buffer[] from, Buffer[] to, @Nullable MethodHandle fast) {
      this.from = from;
      this.fast = fast;
      int fixed = from.length + to.length;
      int copied = walk == null || rows == 0 ? 0 : from.length;
      this.at = new int[fixed + scratch];
      this.step = new int[fixed + scratch];
      boolean isFloat32 = type == DType.FLOAT32;
      this.floats = new float[isFloat32 ? fixed + scratch : 0][];
      this.doubles = new double[isFloat32 ? 0 : fixed + scratch][];
      Room room = ROOM.get();
      for (int i = 0; i < at.length; i++) {
        step[i] = i < from.length && readings[i] == Reading.FIXED ? 0 : 1;
        boolean isCopied =
            i < copied && (readings[i] == Reading.ROWS || readings[i] == Reading.ROW);
        Buffer own = i < from.length ? from[i] : i < fixed ? to[i - from.length] : null;
        int index = isCopied ? scratch + i : i - fixed;
        if (isFloat32) {
          floats[i] = own == null || isCopied ? room.floats(index) : own.floats;
        } else {
          doubles[i] = own == null || isCopied ? room.doubles(index) : own.doubles;
        }
      }
      Object[] arrays = isFloat32 ? floats : doubles;
      this.read = Arrays.copyOf(arrays, fast == null ? 0 : from.length, Object[].class);
      this.written =
          Arrays.copyOfRange(
              arrays, from.length, fast == null ? from.length : fixed, Object[].class);
    }

    /** Pieces of a length, of which the last of all may be shorter. */
    void through(int length, int start, int end) {
      Odometer odometer = null;
      if (walk != null) {
        odometer = walk.odometer();
        odometer.jump(start * rows);
      }
      for (int piece = start; piece < end; piece++) {
        int begin = piece * length;
        int count = Math.min(length, size - begin);
        if (odometer != null) {
          copy(odometer, count / inner, piece == start);
        }
        place(begin);
        run(count);
      }
    }

    /** Elements up to another, whose results go where the array of the only output begins. */
    void throughPart(int start, int end) {
      for (int begin = start; begin < end; begin += LENGTH) {
        place(begin);
        at[from.length] = begin - start;
        run(Math.min(LENGTH, end - begin));
      }
    }

    /** Rows, in pieces. */
    void throughRows(Walk walk, int start, int end) {
      Odometer odometer = walk.odometer();
      odometer.jump(start);
      for (int row = start; row < end; row++) {
        for (int i = 0; i < inner; i += LENGTH) {
          place(row * inner + i);
          for (int k = 0; k < from.length; k++) {
            if (readings[k] == Reading.ROWS) {
              step[k] = walk.step(k);
              at[k] = odometer.at(k) + i * step[k];
            }
          }
          run(Math.min(LENGTH, inner - i));
        }
        odometer.advance();
      }
    }

    private void place(int begin) {
      int fixed = from.length + outputs.length;
      for (int k = 0; k < fixed; k++) {
        at[k] = k >= from.length || readings[k] == Reading.FLAT ? begin : 0;
      }
    }

    /** Copies rows of what stretches; what is one row is the same in all pieces. */
    private void copy(Odometer odometer, int count, boolean isFirst) {
      if (!isFirst && !isMoving) {
        return;
      }
      Walk rowsOf = requireNonNull(walk);
      for (int row = 0; row < count; row++) {
        for (int k = 0; k < from.length; k++) {
          boolean isCopied = readings[k] == Reading.ROWS || (isFirst && readings[k] == Reading.ROW);
          if (!isCopied) {
            continue;
          }
          int source = odometer.at(k);
          int target = row * inner;
          if (type == DType.FLOAT32) {
            if (rowsOf.step(k) == 1) {
              System.arraycopy(from[k].floats, source, floats[k], target, inner);
            } else {
              Arrays.fill(floats[k], target, target + inner, from[k].floats[source]);
            }
          } else if (rowsOf.step(k) == 1) {
            System.arraycopy(from[k].doubles, source, doubles[k], target, inner);
          } else {
            Arrays.fill(doubles[k], target, target + inner, from[k].doubles[source]);
          }
        }
        odometer.advance();
      }
    }

    private void run(int count) {
      if (fast != null) {
        VectorFunctions.run(fast, read, at, written, at[from.length], count);
      } else if (type == DType.FLOAT32) {
        for (Loop loop : loops) {
          loop.run(floats, at, step, count);
        }
      } else {
        for (Loop loop : loops) {
          loop.run(doubles, at, step, count);
        }
      }
    }
  }
}

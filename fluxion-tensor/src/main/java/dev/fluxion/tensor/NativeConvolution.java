package dev.fluxion.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A convolution of float32 images, or one of its two cotangents, by {@link OneDnn}, in the layouts
 * that the library chooses.
 *
 * <p>What the library prepares for a shape is kept for the next call; the memory in which it works
 * is shared by all shapes. One thread at a time uses an object.
 */
final class NativeConvolution {
  /** Which of the three is computed from the other two. */
  enum Pass {
    RESULTS,
    IN_IMAGES,
    IN_KERNEL
  }

  private record Key(ConvolutionPlan plan, Pass pass) {}

  /** So many shapes are remembered; who meets more of them has the library prepare again. */
  private static final int MOST = 512;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final Map<Key, Deque<NativeConvolution>> PREPARED = new ConcurrentHashMap<>();

  /** What a call of a function takes: pairs of an argument's number and its memory. */
  private static final MemoryLayout ARGUMENT =
      MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);

  private static final int WORTH_SHARING = 1 << 16;

  private final MemorySegment stream;
  private final MemorySegment primitive;
  private final MemorySegment arguments;
  private final Operand first;
  private final Operand second;
  private final Operand result;

  /** The results of a convolution, or what of the others' cotangents is asked for. */
  static void run(ConvolutionPlan plan, Pass pass, float[] first, float[] second, float[] result) {
    if (PREPARED.size() > MOST) {
      PREPARED.clear();
    }
    Deque<NativeConvolution> free =
        PREPARED.computeIfAbsent(new Key(plan, pass), _ -> new ConcurrentLinkedDeque<>());
    NativeConvolution found = free.poll();
    NativeConvolution convolution = found == null ? new NativeConvolution(plan, pass) : found;
    convolution.run(first, second, result);
    free.push(convolution);
  }

  private NativeConvolution(ConvolutionPlan plan, Pass pass) {
    OneDnn.onAllThreads();
    OneDnn dnn = new OneDnn();
    CLEANER.register(this, dnn::close);
    stream = dnn.stream();
    long[] images = {plan.batch(), plan.channels(), plan.height(), plan.width()};
    long[] results = {plan.batch(), plan.out(), plan.outHeight(), plan.outWidth()};
    Window window = plan.window();
    long[] kernel =
        plan.groups() == 1
            ? new long[] {plan.out(), plan.channels(), window.height(), window.width()}
            : new long[] {plan.groups(), plan.outs(), plan.ins(), window.height(), window.width()};
    OneDnn.Layouts any =
        new OneDnn.Layouts(dnn.anyOrder(images), dnn.anyOrder(kernel), dnn.anyOrder(results));
    MemorySegment forward = dnn.forward(any, window);
    MemorySegment description =
        switch (pass) {
          case RESULTS -> forward;
          case IN_IMAGES -> dnn.inImages(any, window, forward);
          case IN_KERNEL -> dnn.inKernel(any, window, forward);
        };
    this.primitive = dnn.primitive(description);
    switch (pass) {
      case RESULTS -> {
        first = new Operand(dnn, Argument.IMAGES, description, images);
        second = new Operand(dnn, Argument.KERNEL, description, kernel);
        result = new Operand(dnn, Argument.RESULTS, description, results);
      }
      case IN_IMAGES -> {
        first = new Operand(dnn, Argument.IN_RESULTS, description, results);
        second = new Operand(dnn, Argument.KERNEL, description, kernel);
        result = new Operand(dnn, Argument.IN_IMAGES, description, images);
      }
      default -> {
        first = new Operand(dnn, Argument.IMAGES, description, images);
        second = new Operand(dnn, Argument.IN_RESULTS, description, results);
        result = new Operand(dnn, Argument.IN_KERNEL, description, kernel);
      }
    }
    this.arguments = Arena.ofAuto().allocate(ARGUMENT, 3);
    Operand[] operands = {first, second, result};
    for (int i = 0; i < operands.length; i++) {
      put(arguments, i, operands[i].argument.number, operands[i].inner);
    }
  }

  private static void put(MemorySegment arguments, int index, int number, MemorySegment memory) {
    long at = index * ARGUMENT.byteSize();
    arguments.set(JAVA_INT, at, number);
    arguments.set(ADDRESS, at + ADDRESS.byteSize(), memory);
  }

  private void run(float[] a, float[] b, float[] c) {
    OneDnn.onAllThreads();
    try (Scratch scratch = Scratch.of(first.bytes() + second.bytes() + result.bytes())) {
      result.place(second.place(first.place(scratch.memory())));
      first.load(a, stream);
      second.load(b, stream);
      OneDnn.execute(primitive, stream, 3, arguments);
      result.store(c, stream);
    }
  }

  /** An argument's number in calls, and in questions for its layout. */
  private enum Argument {
    IMAGES(1, 129),
    RESULTS(17, 133),
    KERNEL(33, 131),
    IN_IMAGES(129, 130),
    IN_RESULTS(145, 134),
    IN_KERNEL(161, 132);

    final int number;
    final int query;

    Argument(int number, int query) {
      this.number = number;
      this.query = query;
    }

    boolean isOutput() {
      return this == RESULTS || this == IN_IMAGES || this == IN_KERNEL;
    }
  }

  /** A tensor, in row-major order outside and as the library likes it inside. */
  private static final class Operand {
    private static final int FROM = 1;
    private static final int TO = 17;

    final Argument argument;
    final MemorySegment inner;
    private final long size;
    private final long outerBytes;
    private final long innerBytes;
    private final MemorySegment outer;
    private final boolean isSame;
    private final MemorySegment reorder;
    private final MemorySegment arguments = Arena.ofAuto().allocate(ARGUMENT, 2);
    private MemorySegment data = MemorySegment.NULL;

    Operand(OneDnn dnn, Argument argument, MemorySegment description, long[] shape) {
      this.argument = argument;
      MemorySegment outside = dnn.rowMajor(shape);
      MemorySegment inside = OneDnn.layout(description, argument.query);
      boolean isOutput = argument.isOutput();
      this.isSame = OneDnn.isSame(outside, inside);
      this.outer = dnn.memory(outside);
      this.inner = isSame ? outer : dnn.memory(inside);
      this.outerBytes = OneDnn.bytes(outside);
      this.innerBytes = isSame ? 0 : OneDnn.bytes(inside);
      this.size = outerBytes / Float.BYTES;
      MemorySegment from = isOutput ? inside : outside;
      MemorySegment to = isOutput ? outside : inside;
      this.reorder = isSame ? MemorySegment.NULL : dnn.primitive(dnn.reorder(from, to));
      put(arguments, 0, FROM, isOutput ? inner : outer);
      put(arguments, 1, TO, isOutput ? outer : inner);
    }

    long bytes() {
      return aligned(outerBytes) + aligned(innerBytes);
    }

    private static long aligned(long bytes) {
      return (bytes + Scratch.ALIGNMENT - 1) / Scratch.ALIGNMENT * Scratch.ALIGNMENT;
    }

    /** Takes its memory from the front of some and gives the rest. */
    MemorySegment place(MemorySegment memory) {
      data = memory.asSlice(0, outerBytes);
      OneDnn.place(outer, data);
      MemorySegment rest = memory.asSlice(aligned(outerBytes));
      if (!isSame) {
        OneDnn.place(inner, rest.asSlice(0, innerBytes));
      }
      return rest.asSlice(aligned(innerBytes));
    }

    void load(float[] elements, MemorySegment stream) {
      checkSize(elements);
      Parallel.ranges(
          elements.length,
          WORTH_SHARING,
          (from, to) ->
              MemorySegment.copy(
                  elements, from, data, JAVA_FLOAT, (long) from * Float.BYTES, to - from));
      if (!isSame) {
        OneDnn.execute(reorder, stream, 2, arguments);
      }
    }

    void store(float[] elements, MemorySegment stream) {
      checkSize(elements);
      if (!isSame) {
        OneDnn.execute(reorder, stream, 2, arguments);
      }
      OneDnn.await(stream);
      Parallel.ranges(
          elements.length,
          WORTH_SHARING,
          (from, to) ->
              MemorySegment.copy(
                  data, JAVA_FLOAT, (long) from * Float.BYTES, elements, from, to - from));
    }

    private void checkSize(float[] elements) {
      if (elements.length != size) {
        throw new IllegalStateException(elements.length + " elements for " + size);
      }
    }
  }
}

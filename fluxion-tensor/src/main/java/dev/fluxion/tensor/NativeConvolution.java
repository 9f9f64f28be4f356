package dev.fluxion.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A convolution of float32 images, or one of its two cotangents, by {@link OneDnn}: of images with
 * their channels last where the library does that well, else in the layouts that it chooses.
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

  /**
   * What is prepared.
   *
   * @param isFirstLast whether the first operand is given with its channels last
   */
  private record Key(ConvolutionPlan plan, Pass pass, boolean isFirstLast, boolean isSecondLast) {}

  /** The library computes with rows of so many channels. */
  private static final int VECTOR = 8;

  /** Images of so few channels, as colours, are given in the usual order. */
  private static final int COLOURS = 4;

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
  private final boolean isResultLast;

  /** The results of a convolution, or what of the others' cotangents is asked for. */
  static Tensor run(ConvolutionPlan plan, Pass pass, Tensor first, Tensor second, int[] shape) {
    if (PREPARED.size() > MOST) {
      PREPARED.clear();
    }
    boolean isSecondLast = pass == Pass.IN_KERNEL && ChannelsLast.isIn(second); // no kernel
    Key key = new Key(plan, pass, ChannelsLast.isIn(first), isSecondLast);
    Deque<NativeConvolution> free =
        PREPARED.computeIfAbsent(key, _ -> new ConcurrentLinkedDeque<>());
    NativeConvolution found = free.poll();
    NativeConvolution convolution = found == null ? new NativeConvolution(key) : found;
    Buffer to = Buffer.unset(DType.FLOAT32, Shapes.count(shape));
    convolution.run(
        elements(first, key.isFirstLast), elements(second, key.isSecondLast), to.floats);
    free.push(convolution);
    int[] turned = convolution.isResultLast ? ChannelsLast.turned(shape) : null;
    return turned == null ? new Tensor(shape, to) : ChannelsLast.images(new Tensor(turned, to));
  }

  private static float[] elements(Tensor x, boolean isLast) {
    return (isLast ? requireNonNull(ChannelsLast.stored(x)) : x).buffer().floats;
  }

  /** Whether images and results are given with their channels last. */
  private static boolean isLast(ConvolutionPlan plan) {
    boolean areColours = plan.channels() <= COLOURS;
    return plan.groups() == 1
        && plan.out() % VECTOR == 0
        && (areColours || plan.channels() % VECTOR == 0);
  }

  /**
   * Whether they have them last while the library computes, too: for cotangents of many channels it
   * is slower so, by half and more, than in its own order.
   */
  private static boolean isLastInside(ConvolutionPlan plan, Pass pass) {
    int most =
        switch (pass) {
          case RESULTS -> Integer.MAX_VALUE;
          case IN_IMAGES -> 128;
          case IN_KERNEL -> 64;
        };
    return isLast(plan) && Math.max(plan.channels(), plan.out()) < most;
  }

  private NativeConvolution(Key key) {
    ConvolutionPlan plan = key.plan;
    Pass pass = key.pass;
    boolean isLast = isLast(plan);
    boolean isInside = isLastInside(plan, pass);
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
    OneDnn.Layouts layouts =
        new OneDnn.Layouts(
            isInside ? dnn.channelsLast(images) : dnn.anyOrder(images),
            dnn.anyOrder(kernel),
            isInside ? dnn.channelsLast(results) : dnn.anyOrder(results));
    MemorySegment forward = dnn.forward(layouts, window);
    MemorySegment description =
        switch (pass) {
          case RESULTS -> forward;
          case IN_IMAGES -> dnn.inImages(layouts, window, forward);
          case IN_KERNEL -> dnn.inKernel(layouts, window, forward);
        };
    this.primitive = dnn.primitive(description);
    this.isResultLast =
        switch (pass) {
          case RESULTS -> isLast;
          case IN_IMAGES -> isLast && plan.channels() % VECTOR == 0;
          case IN_KERNEL -> false;
        };
    MemorySegment outside = dnn.rowMajor(kernel);
    switch (pass) {
      case RESULTS -> {
        first = new Operand(dnn, Argument.IMAGES, description, dnn.order(images, key.isFirstLast));
        second = new Operand(dnn, Argument.KERNEL, description, outside);
        result = new Operand(dnn, Argument.RESULTS, description, dnn.order(results, isResultLast));
      }
      case IN_IMAGES -> {
        MemorySegment given = dnn.order(results, key.isFirstLast);
        first = new Operand(dnn, Argument.IN_RESULTS, description, given);
        second = new Operand(dnn, Argument.KERNEL, description, outside);
        result = new Operand(dnn, Argument.IN_IMAGES, description, dnn.order(images, isResultLast));
      }
      default -> {
        MemorySegment given = dnn.order(results, key.isSecondLast);
        first = new Operand(dnn, Argument.IMAGES, description, dnn.order(images, key.isFirstLast));
        second = new Operand(dnn, Argument.IN_RESULTS, description, given);
        result = new Operand(dnn, Argument.IN_KERNEL, description, outside);
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

  /** A tensor, in the order that it is given in outside and as the library likes it inside. */
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

    Operand(OneDnn dnn, Argument argument, MemorySegment description, MemorySegment outside) {
      this.argument = argument;
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

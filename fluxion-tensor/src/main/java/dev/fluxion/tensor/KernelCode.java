package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Pointwise;
import dev.fluxion.grad.runtime.Loans;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.emit.Compiler;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Functions of numbers with the loops that apply them to tensors, and those of the derivatives. */
final class KernelCode {
  /** Loops are called for so many elements at a time: many calls make HotSpot compile them soon. */
  private static final int RUN = 4096;

  private final Pointwise functions;
  private final List<Boolean> isNumber;
  private final int captured;
  private final int cost;
  private final Map<LoopForm, MethodHandle> loops = new ConcurrentHashMap<>();
  private final Map<LoopForm, GradualLoop> gradual = new ConcurrentHashMap<>();
  private @Nullable KernelCode pullback;
  private @Nullable KernelCode pushforward;
  private volatile @Nullable Boolean isTotal;

  /**
   * Which loop.
   *
   * @param type the type of the elements
   * @param fixed the inputs, as bits, that do not move on in the loop
   * @param isLong whether it runs for so many elements that vector instructions pay
   */
  record LoopForm(DType type, long fixed, boolean isLong) {}

  private KernelCode(Pointwise functions, List<Boolean> isNumber) {
    this.functions = functions;
    this.isNumber = isNumber;
    this.captured = Collections.frequency(isNumber, true);
    this.cost = Math.max(1, functions.outputs().stream().mapToInt(KernelCode::cost).sum());
  }

  static KernelCode of(Pointwise functions) {
    int captured = functions.captured();
    List<Boolean> isNumber = new ArrayList<>(Collections.nCopies(captured, true));
    isNumber.addAll(Collections.nCopies(functions.arity() - captured, false));
    return new KernelCode(functions, List.copyOf(isNumber));
  }

  private static int cost(Function function) {
    Body body = function.body();
    return body.blocks().stream()
        .flatMap(block -> block.ops().stream())
        .mapToInt(op -> op instanceof Op.Call ? 8 : 1)
        .sum();
  }

  /** The loop that takes besides the cotangents of all that this one gives. */
  synchronized KernelCode pullback() {
    KernelCode made = pullback;
    if (made == null) {
      Pointwise derived = functions.pullback();
      made = new KernelCode(derived, extended(isNumber, derived.arity()));
      pullback = made;
    }
    return made;
  }

  /** The loop that takes besides the tangents of all that this one takes. */
  synchronized KernelCode pushforward() {
    KernelCode made = pushforward;
    if (made == null) {
      Pointwise derived = functions.pushforward();
      List<Boolean> twice = new ArrayList<>(isNumber);
      twice.addAll(isNumber);
      made = new KernelCode(derived, extended(twice, derived.arity()));
      pushforward = made;
    }
    return made;
  }

  /** What is known of the first numbers, and that those behind differ between elements. */
  private static List<Boolean> extended(List<Boolean> isNumber, int arity) {
    List<Boolean> all = new ArrayList<>(isNumber);
    all.addAll(Collections.nCopies(arity - isNumber.size(), false));
    return List.copyOf(all);
  }

  // ---------------------------------------------------------------- running

  Tuple run(@Nullable Object[] constants, Tuple xs) {
    @Nullable Object[] turned = ChannelsLast.turned(xs.parts(), xs.count());
    if (turned != null) {
      Tuple last = Tuple.of(turned.length, i -> (Tensor) Objects.requireNonNull(turned[i]));
      Tuple results = runInOrder(constants, last);
      return Tuple.of(results.count(), i -> ChannelsLast.back(results.get(i)));
    }
    return runInOrder(constants, xs);
  }

  private Tuple runInOrder(@Nullable Object[] constants, Tuple xs) {
    double[] numbers = new double[captured];
    Tensor[] inputs = new Tensor[isNumber.size() - captured];
    int count = 0;
    for (int i = 0; i < isNumber.size(); i++) {
      if (isNumber.get(i)) {
        numbers[count++] = xs.get(i).item();
      } else {
        inputs[i - count] = xs.get(i);
      }
    }
    DType type = inputs[0].dtype();
    DType.requireFloatingPoint("map", inputs[0]);
    int[] shape = inputs[0].dimensions();
    for (Tensor input : inputs) {
      DType.requireSame("map", inputs[0], input);
      shape = Shapes.broadcast("map", shape, input.dimensions());
    }
    return type.isNative()
        ? run(constants, numbers, type, shape, inputs)
        : runWide(constants, numbers, type, shape, inputs);
  }

  /** Of a type that is computed with in float32. */
  private Tuple runWide(
      @Nullable Object[] constants, double[] numbers, DType type, int[] shape, Tensor[] inputs) {
    Tensor[] wide = new Tensor[inputs.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = inputs[i].cast(DType.FLOAT32);
    }
    Tuple results = run(constants, numbers, DType.FLOAT32, shape, wide);
    return Tuple.of(results.count(), i -> results.get(i).cast(type));
  }

  private Tuple run(
      @Nullable Object[] constants, double[] numbers, DType type, int[] common, Tensor[] inputs) {
    int size = Shapes.count(common);
    int count = functions.outputs().size();
    if (count == 1 && size >= Mapped.FEWEST && isTotal(type)) {
      return Tuple.of(later(constants, numbers, type, common, inputs));
    }
    Buffer[] results = Buffer.unset(type, size, count);
    Object[] outputs = Arrays.stream(results).map(Buffer::array).toArray();
    run(constants, numbers, type, common, inputs, outputs);
    return Tuple.of(count, i -> new Tensor(common, results[i]));
  }

  /** What is computed once it is needed, of what the inputs are now. */
  private Tensor later(
      @Nullable Object[] constants, double[] numbers, DType type, int[] common, Tensor[] inputs) {
    Tensor[] given = Arrays.stream(inputs).map(Mapped::given).toArray(Tensor[]::new);
    Mapped.Work work =
        new Mapped.Work() {
          @Override
          public void run(Buffer to) {
            KernelCode.this.run(constants, numbers, type, common, given, new Object[] {to.array()});
          }

          @Override
          public Mapped.@Nullable Part part() {
            Operands operands = Operands.of(common, given);
            return operands.walk.rows() > 1
                ? null
                : (start, end, to) -> {
                  Call call =
                      new Call(constants, numbers, operands.arrays, new Object[] {to.array()});
                  runInLine(loop(type, operands.walk, call), operands.walk, call, start, end, 0);
                };
          }
        };
    return new Tensor(common, new Mapped(type, Shapes.count(common), work, given));
  }

  /** The arrays of tensors that stretch to a shape, and how they do. */
  private record Operands(Walk walk, Object[] arrays) {
    static Operands of(int[] common, Tensor[] inputs) {
      int[][] shapes = new int[inputs.length][];
      Object[] arrays = new Object[inputs.length];
      for (int i = 0; i < arrays.length; i++) { // of which some may be one number, many times
        boolean isOne = inputs[i].elements() instanceof Repeated;
        shapes[i] = isOne ? new int[0] : inputs[i].dimensions();
        arrays[i] = Elementwise.few(inputs[i]).array();
      }
      return new Operands(Walk.over(common, shapes), arrays);
    }
  }

  private void run(
      @Nullable Object[] constants,
      double[] numbers,
      DType type,
      int[] common,
      Tensor[] inputs,
      Object[] outputs) {
    if (Shapes.count(common) > 0) {
      Operands operands = Operands.of(common, inputs);
      Call call = new Call(constants, numbers, operands.arrays, outputs);
      Loans lent = Loans.pause(); // a function of the user's may do anything
      try {
        walk(type, operands.walk, call);
      } finally {
        Loans.resume(lent);
      }
    }
  }

  /**
   * Sets the elements of the first tensor, to which the others stretch, to the result; or returns
   * false where that cannot be done in place, for another tensor shares them, or the function might
   * throw when it has changed but some.
   */
  boolean update(@Nullable Object[] constants, Tuple numbers, Tuple xs) {
    Tensor[] inputs = xs.parts();
    Tensor x = inputs[0];
    if (!(x.elements() instanceof Buffer own) || own.isShared() || !isTotal(own.type())) {
      return false;
    }
    Object[] outputs = {own.array()};
    run(constants, numbers.toNumbers(), x.dtype(), x.dimensions(), inputs, outputs);
    return true;
  }

  /** Whether the functions cannot throw: what has a form for vectors is but arithmetic. */
  private boolean isTotal(DType type) {
    Boolean known = isTotal;
    if (known == null) {
      loop(new LoopForm(type, 0, false));
      known = requireNonNull(isTotal);
    }
    return known;
  }

  private void walk(DType type, Walk walk, Call call) {
    int inner = walk.inner();
    MethodHandle loop = loop(type, walk, call);
    if (walk.rows() == 1) {
      Parallel.ranges(
          inner,
          Elementwise.GRAIN / cost,
          (start, end) -> runInLine(loop, walk, call, start, end, start));
      return;
    }
    Parallel.ranges(
        walk.rows(),
        Elementwise.GRAIN / cost / inner,
        (start, end) -> {
          Odometer odometer = walk.odometer();
          odometer.jump(start);
          int[] at = new int[call.inputs.length];
          for (int row = start; row < end; row++) {
            for (int k = 0; k < at.length; k++) {
              at[k] = odometer.at(k);
            }
            call.run(loop, at, row * inner, inner);
            odometer.advance();
          }
        });
  }

  /** Runs for some elements of the only row; what they become goes to an index and behind it. */
  private static void runInLine(
      MethodHandle loop, Walk walk, Call call, int start, int end, int to) {
    int[] at = new int[call.inputs.length];
    for (int i = start; i < end; i += RUN) {
      for (int k = 0; k < at.length; k++) {
        at[k] = walk.step(k) * i;
      }
      call.run(loop, at, to + i - start, Math.min(end - i, RUN));
    }
  }

  /** The loop for a walk: the one with vector instructions once that is fast. */
  private MethodHandle loop(DType type, Walk walk, Call call) {
    int inner = walk.inner();
    boolean isLong = inner >= Elementwise.WORTH_VECTORS && Vectors.ARE_THERE;
    MethodHandle fast =
        isLong ? fast(new LoopForm(type, walk.fixed(), true), inner * walk.rows(), call) : null;
    return fast == null ? loop(new LoopForm(type, walk.fixed(), false)) : fast;
  }

  private MethodHandle loop(LoopForm form) {
    MethodHandle known = loops.get(form);
    if (known == null) {
      known = make(form).handle(Compiler.INSTANCE);
      loops.put(form, known);
    }
    return known;
  }

  private Function make(LoopForm form) {
    ElementFunctions elements = ElementFunctions.of(functions, isNumber);
    Function lanes = ElementLoop.ofLanes(elements, form);
    isTotal = lanes != null;
    return lanes == null ? ElementLoop.ofCalls(elements, form) : lanes;
  }

  /** The loop with vector instructions, or null where there is none, or not yet. */
  private @Nullable MethodHandle fast(LoopForm form, int count, Call call) {
    return gradual
        .computeIfAbsent(form, _ -> new GradualLoop(() -> vectors(form)))
        .get(count, call.trial(form.type));
  }

  private @Nullable MethodHandle vectors(LoopForm form) {
    Function lanes = ElementLoop.ofLanes(ElementFunctions.of(functions, isNumber), form);
    return lanes == null ? null : lanes.handle(Compiler.INSTANCE);
  }

  /** What all calls of a loop share. */
  private static final class Call {
    private final @Nullable Object[] constants;
    private final double[] numbers;
    private final Object[] inputs;
    private final Object[] outputs;

    Call(@Nullable Object[] constants, double[] numbers, Object[] inputs, Object[] outputs) {
      this.constants = constants;
      this.numbers = numbers;
      this.inputs = inputs;
      this.outputs = outputs;
    }

    /** A call for elements of its own, which leaves those of this one to be forgotten. */
    GradualLoop.Trial trial(DType type) {
      @Nullable Object[] given = constants;
      double[] captured = numbers;
      int reads = inputs.length;
      int writes = outputs.length;
      return (loop, count) -> {
        Object elements = new Buffer(type, GradualLoop.TRIAL).array();
        Object[] read = new Object[reads];
        Object[] written = new Object[writes];
        Arrays.fill(read, elements);
        Arrays.fill(written, elements);
        run(loop, given, captured, read, new int[reads], written, 0, count);
      };
    }

    void run(MethodHandle loop, int[] at, int to, int count) {
      run(loop, constants, numbers, inputs, at, outputs, to, count);
    }

    private static void run(
        MethodHandle loop,
        @Nullable Object[] constants,
        double[] numbers,
        Object[] read,
        int[] at,
        Object[] written,
        int to,
        int count) {
      try {
        loop.invokeExact(constants, numbers, read, at, written, to, 0, count);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new GradientException("a function of elements threw " + e, e);
      }
    }
  }
}

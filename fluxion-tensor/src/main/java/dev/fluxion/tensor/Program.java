package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Fuser;
import dev.fluxion.tensor.Vocabulary.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Operations on elements, one after the other, that run as one: what is only handed on from one to
 * the next is never a tensor.
 *
 * <p>How they run follows from the types and shapes of the inputs, see {@link Schedule}. Where
 * those do not fit together the operations run one by one, as they would without this class.
 */
final class Program implements Fuser.Operation {
  /** Of tensors with fewer elements each operation by itself is faster. */
  private static final int FEWEST = Vectors.ARE_THERE ? 16 : 256;

  /** So many schedules are remembered, by their inputs' shapes. */
  private static final int MOST = 64;

  /** So many of them may be for shapes that fall into the same place. */
  private static final int ALIKE = 4;

  /**
   * Where there are ever other shapes, one of so many times makes a schedule: that takes longer
   * than the operations by themselves.
   */
  private static final int SELDOM = 256;

  private final int inputs;
  private final @Nullable Object[] constants;
  private final boolean isOfNumbers; // the constants
  private final List<Node> nodes;
  private final List<Result> results;
  private volatile @Nullable Schedule latest;
  private final AtomicReferenceArray<@Nullable Schedule> schedules =
      new AtomicReferenceArray<>(MOST);
  private int misses; // by several threads, so that some may be forgotten

  /**
   * An operation on values, which are numbered: first the inputs, then the constants, then the
   * nodes.
   *
   * @param function null where the kind says it all
   * @param second the second operand, or the first one again
   * @param isGuarded whether null, which stands for a zero, gives null
   */
  record Node(Kind kind, @Nullable Entrywise function, int first, int second, boolean isGuarded) {
    /** The same of other operands. */
    Node with(int first, int second) {
      return new Node(kind, function, first, second, isGuarded);
    }

    /** The result as the operation gives it by itself. */
    @Nullable Object apply(@Nullable Object[] values) {
      Object a = values[first];
      Object b = values[second];
      if (kind == Kind.SUM && (a == null || b == null)) {
        return a == null ? b : a;
      }
      if (isGuarded && (a == null || b == null)) {
        return null;
      }
      return apply((Tensor) requireNonNull(a), requireNonNull(b));
    }

    /** A step that sets a value to that. */
    Schedule.Step to(int value) {
      return (@Nullable Object[] values) -> values[value] = apply(values);
    }

    private Tensor apply(Tensor a, Object b) {
      return switch (kind) {
        case UNARY -> Elementwise.map((Unary) requireNonNull(function), a);
        case BINARY -> binary((Binary) requireNonNull(function), a, b);
        case SLOPE ->
            a.dtype().isFloatingPoint()
                ? Elementwise.zip((Binary) requireNonNull(function), a, (Tensor) b)
                : a.zero();
        case SUM -> a.plus((Tensor) b);
        case TOWARD -> Elementwise.toward(a, (Tensor) b);
        case ALONG -> Elementwise.along(a, (Tensor) b);
      };
    }

    private static Tensor binary(Binary f, Tensor a, Object b) {
      if (b instanceof Double number) {
        return Elementwise.zip(f, a, number);
      }
      return f == Functions.PLUS ? a.plus((Tensor) b) : Elementwise.zip(f, a, (Tensor) b);
    }
  }

  /**
   * A value that is a result.
   *
   * @param isKept whether nothing is done with it at once
   */
  record Result(int value, boolean isKept) {}

  Program(int inputs, @Nullable Object[] constants, List<Node> nodes, List<Result> results) {
    this.inputs = inputs;
    this.constants = constants;
    this.isOfNumbers = Arrays.stream(constants).noneMatch(Tensor.class::isInstance);
    this.nodes = List.copyOf(nodes);
    this.results = List.copyOf(results);
  }

  int inputs() {
    return inputs;
  }

  @Nullable Object[] constants() {
    return constants;
  }

  /** The value of the first node. */
  int firstNode() {
    return inputs + constants.length;
  }

  List<Node> nodes() {
    return nodes;
  }

  List<Result> results() {
    return results;
  }

  @Override
  public boolean pays(@Nullable Object input) {
    return input instanceof Tensor x && x.size() >= FEWEST;
  }

  @Override
  public boolean keepsNothing() {
    return true;
  }

  @Override
  public int room() {
    return firstNode() + nodes.size() + results.size();
  }

  @Override
  public boolean run(@Nullable Object[] values) {
    @Nullable Object[] turned = isOfNumbers ? ChannelsLast.turned(values, inputs) : null;
    if (turned == null) {
      return runInOrder(values);
    }
    boolean isDone = runInOrder(turned);
    for (int i = values.length - results.size(); i < values.length && isDone; i++) {
      values[i] = turned[i] instanceof Tensor x ? ChannelsLast.back(x) : turned[i];
    }
    return isDone;
  }

  private boolean runInOrder(@Nullable Object[] values) {
    System.arraycopy(constants, 0, values, inputs, constants.length);
    Schedule schedule = latest;
    @Nullable Object[] all = schedule == null ? null : schedule.values(values);
    if (schedule == null || all == null) {
      int place = place(values);
      int free = -1;
      for (int i = place; i < place + ALIKE && all == null; i++) {
        schedule = schedules.get(i % MOST);
        if (schedule != null) {
          all = schedule.values(values);
        } else if (free < 0) {
          free = i % MOST;
        }
      }
      if (schedule == null || all == null) {
        if (free < 0 && ++misses % SELDOM != 0) {
          return false;
        }
        schedule = new Scheduling(this, values).schedule();
        all = schedule.values(values);
        if (all == null) {
          return false; // another thread has computed what was to be
        }
        int other = (place + Math.floorMod(misses / SELDOM, ALIKE)) % MOST; // misses wrap around
        schedules.set(free < 0 ? other : free, schedule);
      }
      latest = schedule;
    }
    return schedule.run(all, values);
  }

  /** Where schedules for inputs of such shapes are looked for first. */
  private int place(@Nullable Object[] values) {
    int hash = 1;
    for (int i = 0; i < inputs; i++) {
      hash *= 31;
      if (values[i] instanceof Tensor x) {
        for (int size : x.dimensions()) {
          hash = 31 * hash + size;
        }
      } else {
        hash += values[i] == null ? 0 : 1;
      }
    }
    return Math.floorMod(hash ^ hash >>> 16, MOST);
  }
}

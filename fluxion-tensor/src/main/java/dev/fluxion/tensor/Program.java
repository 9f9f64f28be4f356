package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Fuser;
import dev.fluxion.tensor.Vocabulary.Kind;
import java.util.Arrays;
import java.util.List;
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

  /** So many schedules are remembered. */
  private static final int MOST = 64;

  private final int inputs;
  private final @Nullable Object[] constants;
  private final boolean isOfNumbers; // the constants
  private final List<Node> nodes;
  private final List<Result> results;
  private volatile @Nullable Schedule latest;
  private volatile Schedule[] schedules = {};

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
      for (Schedule other : schedules) {
        all = other.values(values);
        if (all != null) {
          schedule = other;
          break;
        }
      }
      while (schedule == null || all == null) {
        schedule = add(new Scheduling(this, values).schedule());
        all = schedule.values(values);
      }
      latest = schedule;
    }
    return schedule.run(all, values);
  }

  private Schedule add(Schedule made) {
    Schedule[] known = schedules;
    Schedule[] more = new Schedule[Math.min(MOST, known.length + 1)];
    more[0] = made;
    System.arraycopy(known, 0, more, 1, more.length - 1);
    schedules = more;
    return made;
  }
}

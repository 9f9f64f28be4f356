package dev.fluxion.tensor;

import dev.fluxion.grad.Fuser;
import dev.fluxion.ir.Location;
import dev.fluxion.tensor.Vocabulary.Kind;
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
  /** So many schedules are remembered. */
  private static final int MOST = 16;

  private final int inputs;
  private final @Nullable Object[] constants;
  private final List<Node> nodes;
  private final List<Location> places;
  private final List<Result> results;
  private volatile @Nullable Schedule latest;
  private volatile Schedule[] schedules = {};

  /**
   * An operation on values, which are numbered: first the inputs, then the constants, then the
   * nodes.
   *
   * @param function the {@link Unary} or {@link Binary}, or null where the kind says it all
   * @param second the second operand, or the first one again
   * @param isGuarded whether null, which stands for a zero, gives null
   */
  record Node(Kind kind, @Nullable Object function, int first, int second, boolean isGuarded) {
    /** The same of other operands. */
    Node with(int first, int second) {
      return new Node(kind, function, first, second, isGuarded);
    }

    /** The result as the operation gives it by itself. */
    @Nullable Object apply(@Nullable Object[] values) {
      Object a = values[first];
      Object b = values[second];
      if (isGuarded && (a == null || b == null)) {
        return null;
      }
      return switch (kind) {
        case UNARY -> Elementwise.map((Unary) function, (Tensor) a);
        case BINARY -> binary((Binary) function, (Tensor) a, b);
        case SLOPE ->
            ((Tensor) a).dtype().isFloatingPoint()
                ? Elementwise.zip((Binary) function, (Tensor) a, (Tensor) b)
                : ((Tensor) a).zero();
        case SUM -> a == null ? b : b == null ? a : ((Tensor) a).plus((Tensor) b);
        case TOWARD -> Elementwise.toward((Tensor) a, (Tensor) b);
        case ALONG -> Elementwise.along((Tensor) a, (Tensor) b);
      };
    }

    private static Tensor binary(Binary f, Tensor a, @Nullable Object b) {
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

  Program(
      int inputs,
      @Nullable Object[] constants,
      List<Node> nodes,
      List<Location> places,
      List<Result> results) {
    this.inputs = inputs;
    this.constants = constants;
    this.nodes = List.copyOf(nodes);
    this.places = List.copyOf(places);
    this.results = List.copyOf(results);
  }

  int inputs() {
    return inputs;
  }

  @Nullable Object[] constants() {
    return constants;
  }

  List<Node> nodes() {
    return nodes;
  }

  List<Result> results() {
    return results;
  }

  @Override
  public void run(@Nullable Object[] values) {
    Schedule schedule = latest;
    @Nullable Object[] all = schedule == null ? null : schedule.values(values, constants);
    if (schedule == null || all == null) {
      for (Schedule other : schedules) {
        all = other.values(values, constants);
        if (all != null) {
          schedule = other;
          break;
        }
      }
      while (schedule == null || all == null) {
        schedule = add(new Scheduling(this, values).schedule());
        all = schedule.values(values, constants);
      }
      latest = schedule;
    }
    schedule.run(all, values);
  }

  private Schedule add(Schedule made) {
    Schedule[] known = schedules;
    Schedule[] more = new Schedule[Math.min(MOST, known.length + 1)];
    more[0] = made;
    System.arraycopy(known, 0, more, 1, more.length - 1);
    schedules = more;
    return made;
  }

  /** The result of a node as its operation gives it by itself; errors name the node's own line. */
  @Nullable Object one(int node, @Nullable Object[] values) {
    return one(node, nodes.get(node), values);
  }

  /** The same with operands in other places. */
  @Nullable Object one(int node, Node direct, @Nullable Object[] values) {
    try {
      return direct.apply(values);
    } catch (RuntimeException e) {
      place(e, places.get(node));
      throw e;
    }
  }

  /** Sets the line of the code that called this program, all of which has one line, to a node's. */
  private static void place(RuntimeException e, Location place) {
    StackTraceElement[] trace = e.getStackTrace();
    for (int i = 1; i < trace.length && place.line() > 0; i++) {
      boolean isCalled = trace[i - 1].getClassName().equals(Program.class.getName());
      if (isCalled && !trace[i].getClassName().equals(Program.class.getName())) {
        StackTraceElement caller = trace[i];
        trace[i] =
            new StackTraceElement(
                caller.getClassLoaderName(),
                caller.getModuleName(),
                caller.getModuleVersion(),
                caller.getClassName(),
                caller.getMethodName(),
                place.file(),
                place.line());
        e.setStackTrace(trace);
        return;
      }
    }
  }
}

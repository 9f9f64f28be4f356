package dev.fluxion.tensor;

import dev.fluxion.tensor.Program.Node;
import dev.fluxion.tensor.Schedule.Form;
import dev.fluxion.tensor.Schedule.Operand;
import dev.fluxion.tensor.Schedule.Sort;
import dev.fluxion.tensor.Schedule.Step;
import dev.fluxion.tensor.Vocabulary.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a {@link Program} runs for certain inputs.
 *
 * <p>Nodes whose results have one shape are gathered into a {@link Segment} until something needs
 * the elements of one of them. Nodes that do not compute, because the shapes fit as they are, stand
 * for their operands. All else is a step of its own.
 */
final class Scheduling {
  private final Program program;
  private final List<Node> nodes;
  private final int first; // the value of the first node
  private final Form[] forms; // of the inputs
  private final @Nullable DType type; // of all tensors, or null where they have not one
  private final List<Operand> operands = new ArrayList<>(); // of inputs that are deferred
  private final Form[] known; // of all values
  private final int[] base; // the value whose elements a value has, itself in most cases
  private final @Nullable Segment[] segments; // in which a value is computed
  private final List<Segment> open = new ArrayList<>();
  private final List<Supplier<List<Step>>> steps = new ArrayList<>(); // once all is known

  Scheduling(Program program, @Nullable Object[] inputs) {
    this.program = program;
    this.nodes = program.nodes();
    this.first = program.firstNode();
    this.forms = new Form[program.inputs()];
    for (int i = 0; i < forms.length; i++) {
      forms[i] = Form.of(inputs[i]);
    }
    this.type = common(forms);
    List<Form> more = unfold(inputs);
    int behind = program.room();
    int count = behind + more.size();
    this.known = Arrays.copyOf(forms, count);
    for (int i = forms.length; i < first; i++) {
      known[i] = Form.of(program.constants()[i - forms.length]);
    }
    for (int i = behind; i < count; i++) {
      known[i] = more.get(i - behind);
    }
    this.base = new int[count];
    this.segments = new @Nullable Segment[count];
    for (int i = 0; i < count; i++) {
      base[i] = i;
    }
  }

  /** Gives the operands of deferred values places behind the nodes, and returns their forms. */
  private List<Form> unfold(@Nullable Object[] inputs) {
    List<Form> more = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(inputs).subList(0, forms.length));
    int behind = program.room() - forms.length;
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof Tensor x && x.elements() instanceof Deferred later) {
        int of = i < forms.length ? i : i + behind;
        for (boolean isSecond : new boolean[] {false, true}) {
          Object operand = isSecond ? later.second() : later.first();
          int index = indexOf(operand, values);
          Form form = null;
          if (index < 0) {
            index = values.size();
            values.add(operand);
            form = Form.of(operand);
            more.add(form);
          }
          operands.add(
              new Operand(of, isSecond, index < forms.length ? index : index + behind, form));
        }
      }
    }
    return more;
  }

  private static int indexOf(Object operand, List<@Nullable Object> values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == operand) {
        return i;
      }
    }
    return -1;
  }

  Schedule schedule() {
    int[] results = program.results().stream().mapToInt(Program.Result::value).toArray();
    if (type == null) {
      return schedule(false, new Step[0], results);
    }
    for (int node = 0; node < nodes.size(); node++) {
      try {
        add(node);
      } catch (ShapeException _) {
        return schedule(false, new Step[0], results);
      }
    }
    for (int i = 0; i < results.length; i++) {
      results[i] = result(results[i], program.results().get(i).isKept());
    }
    while (!open.isEmpty()) {
      close(open.getFirst());
    }
    Step[] all = steps.stream().map(Supplier::get).flatMap(List::stream).toArray(Step[]::new);
    return schedule(true, all, results);
  }

  private Schedule schedule(boolean isPossible, Step[] all, int[] results) {
    return new Schedule(
        isPossible, forms, operands.toArray(Operand[]::new), known.length, all, results);
  }

  private int result(int value, boolean isKept) {
    int of = base[value];
    Segment own = segments[of];
    if (isKept && own != null && Arrays.equals(known[of].shape(), known[value].shape())) {
      own.keep(of);
      return of;
    }
    return needed(value);
  }

  /**
   * The type of all inputs, if all are computed with in floats, or all in doubles, with no cast
   * among them.
   */
  private static @Nullable DType common(Form[] forms) {
    DType common = null;
    for (Form form : forms) {
      DType type = form.type();
      if (type != null) {
        boolean isLike = common == null || common == type;
        if (!isLike || !type.isNative() || !type.isFloatingPoint()) {
          return null;
        }
        common = type;
      }
    }
    return common;
  }

  // ---------------------------------------------------------------- nodes

  private void add(int node) {
    Node op = nodes.get(node);
    int value = first + node;
    Form a = known[op.first()];
    Form b = known[op.second()];
    if (op.isGuarded() && (isAbsent(a) || isAbsent(b))) {
      stand(value, isAbsent(a) ? op.first() : op.second(), isAbsent(a) ? a : b);
      return;
    }
    switch (op.kind()) {
      case TOWARD -> {
        if (Arrays.equals(a.shape(), b.shape())) {
          stand(value, op.first(), a);
        } else {
          alone(node, b.shape());
        }
      }
      case ALONG -> {
        if (!Arrays.equals(Shapes.broadcast("broadcastTo", b.shape(), a.shape()), b.shape())) {
          throw new ShapeException("a tangent that is larger than the result");
        }
        stand(value, op.first(), b);
      }
      case SUM -> {
        if (a.sort() == Sort.NULL || b.sort() == Sort.NULL) {
          boolean isFirst = b.sort() == Sort.NULL;
          stand(value, isFirst ? op.first() : op.second(), isFirst ? a : b);
        } else {
          compute(node, op, a, b);
        }
      }
      default -> compute(node, op, a, b);
    }
  }

  /** Lets a value be another one, perhaps stretched to another shape. */
  private void stand(int value, int other, Form form) {
    known[value] = form;
    base[value] = base[other];
  }

  private void compute(int node, Node op, Form a, Form b) {
    if (isAbsent(a) || isAbsent(b)) { // a mistake in a rule, which is to be seen as it is
      throw new ShapeException("no tensor");
    }
    int[] shape =
        b.sort() == Sort.NUMBER || op.kind() == Kind.UNARY
            ? a.shape()
            : Shapes.broadcast("zip", a.shape(), b.shape());
    boolean isSum = op.function() == Functions.PLUS;
    boolean waits = a.sort() == Sort.WAITING || b.sort() == Sort.WAITING;
    if ((isSum && waits && Arrays.equals(a.shape(), b.shape())) || isOfOneNumber(op, a, b)) {
      alone(node, shape);
      return;
    }
    Segment segment = segment(shape);
    operand(op.first(), segment, op.kind() == Kind.UNARY);
    operand(op.second(), segment, op.kind() == Kind.UNARY);
    segment.add(
        first + node,
        node,
        Objects.requireNonNull(op.function()),
        base[op.first()],
        base[op.second()]);
    known[first + node] = Form.ofElements(Objects.requireNonNull(type), shape);
    segments[first + node] = segment;
  }

  /** Of a tensor that is one number many times some operations make one that is so too. */
  private static boolean isOfOneNumber(Node op, Form a, Form b) {
    return a.sort() == Sort.REPEATED && (op.kind() == Kind.UNARY || b.sort() == Sort.NUMBER);
  }

  private static boolean isAbsent(Form form) {
    return form.sort() == Sort.NULL;
  }

  private Segment segment(int[] shape) {
    for (Segment segment : open) {
      if (Arrays.equals(segment.shape(), shape)) {
        return segment;
      }
    }
    Segment made = new Segment(program, shape, Objects.requireNonNull(type));
    open.add(made);
    return made;
  }

  /** Makes sure that a segment can read a value: its own, or the elements of another. */
  private void operand(int value, Segment reader, boolean isWhole) {
    Segment own = segments[base[value]];
    if (own == reader) {
      return;
    }
    Form of = known[base[value]];
    boolean isDeferred = of.sort() == Sort.DEFERRED && own == null;
    if (isDeferred && Arrays.equals(of.shape(), reader.shape())) {
      compute(base[value], reader, Objects.requireNonNull(of.function()));
      return;
    }
    if (isWhole && !Arrays.equals(of.shape(), known[value].shape())) {
      base[value] = stretched(value);
    } else {
      give(base[value]);
    }
    reader.read(base[value], known[base[value]]);
  }

  /** Lets a segment that reads a deferred value compute it. */
  private void compute(int value, Segment reader, Entrywise function) {
    int[] two = new int[2];
    for (Operand operand : operands) {
      if (operand.of() == value) {
        two[operand.isSecond() ? 1 : 0] = operand.value();
      }
    }
    operand(two[0], reader, false);
    operand(two[1], reader, false);
    reader.add(value, -1, function, base[two[0]], base[two[1]]);
    segments[value] = reader;
  }

  // ---------------------------------------------------------------- steps

  /** A step for a node alone. */
  private void alone(int node, int[] shape) {
    Node op = nodes.get(node);
    int value = first + node;
    int a = needed(op.first());
    boolean isShapeOnly = op.kind() == Kind.TOWARD;
    int b = isShapeOnly ? a : needed(op.second());
    if (isShapeOnly) {
      step(values -> values[value] = ((Tensor) values[a]).sumTo(shape));
    } else {
      step(op.with(a, b).to(value));
    }
    boolean isOne = isOfOneNumber(op, known[op.first()], known[op.second()]);
    Sort sort = isOne && op.kind() != Kind.UNARY ? Sort.REPEATED : Sort.TENSOR;
    known[value] = new Form(sort, Objects.requireNonNull(type), shape, null);
  }

  /** The value that has a value's elements once all steps so far are done. */
  private int needed(int value) {
    int of = base[value];
    give(of);
    return Arrays.equals(known[of].shape(), known[value].shape()) ? of : stretched(value);
  }

  /** A value that is stretched, with elements of its own. */
  private int stretched(int value) {
    int of = base[value];
    give(of);
    int[] shape = known[value].shape();
    step(values -> values[value] = Elementwise.broadcastTo((Tensor) values[of], shape));
    base[value] = value;
    return value;
  }

  /** Has a value that a segment computes given to others. */
  private void give(int value) {
    Segment own = segments[value];
    if (own != null) {
      own.give(value);
      close(own);
    }
  }

  private void close(Segment segment) {
    if (open.remove(segment)) {
      steps.add(segment::steps);
    }
  }

  private void step(Step step) {
    steps.add(() -> List.of(step));
  }
}

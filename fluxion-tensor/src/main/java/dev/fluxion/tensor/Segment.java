package dev.fluxion.tensor;

import dev.fluxion.tensor.Schedule.Form;
import dev.fluxion.tensor.Schedule.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nodes of a {@link Program} whose results have one shape, while they are gathered. */
final class Segment {
  private final Program program;
  private final int[] shape;
  private final DType type;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, Form> reads = new LinkedHashMap<>();
  private final Set<Integer> given = new LinkedHashSet<>();
  private final Set<Integer> kept = new LinkedHashSet<>();

  /**
   * A node.
   *
   * @param value which it sets
   * @param node its number in the program, or -1 of one that computes a deferred input
   * @param first the value that is its first operand
   */
  private record Member(int value, int node, Entrywise function, int first, int second) {}

  Segment(Program program, int[] shape, DType type) {
    this.program = program;
    this.shape = shape;
    this.type = type;
  }

  int[] shape() {
    return shape;
  }

  void add(int value, int node, Entrywise function, int first, int second) {
    members.add(new Member(value, node, function, first, second));
  }

  /** Says that a value from elsewhere is an operand. */
  void read(int value, Form form) {
    reads.putIfAbsent(value, form);
  }

  /** Says that a value is wanted elsewhere. */
  void give(int value) {
    given.add(value);
  }

  /** Says that a value is kept, and perhaps never read. */
  void keep(int value) {
    kept.add(value);
  }

  /** What does it, once all is said. */
  List<Step> steps() {
    List<Step> later = deferred();
    List<Member> live = live();
    List<Step> steps = new ArrayList<>();
    if (live.size() > 1) {
      steps.add(pieces(live).step());
    } else {
      live.stream().filter(member -> member.node >= 0).map(this::alone).forEach(steps::add);
    }
    steps.addAll(later);
    return steps;
  }

  /** Steps that set what is kept and quickly computed; what that needs is given. */
  private List<Step> deferred() {
    Map<Integer, Member> own = new HashMap<>();
    members.forEach(member -> own.put(member.value, member));
    List<Step> steps = new ArrayList<>();
    for (Member member : members.reversed()) {
      int value = member.value;
      if (!kept.contains(value) || given.contains(value)) {
        continue;
      }
      if (Shapes.count(shape) < Deferred.FEWEST || member.function.cost() > Deferred.MOST_COST) {
        give(value);
        continue;
      }
      for (int operand : new int[] {member.first, member.second}) {
        if (own.containsKey(operand)) {
          keep(operand);
        }
      }
      steps.addFirst(deferred(member));
    }
    return steps;
  }

  private Step deferred(Member member) {
    boolean isFirstRead = reads.containsKey(member.first);
    boolean isSecondRead = reads.containsKey(member.second);
    return (@Nullable Object[] values) -> {
      Object first = operand(values[member.first], isFirstRead);
      Object second = operand(values[member.second], isSecondRead);
      values[member.value] =
          new Tensor(shape, new Deferred(shape, type, member.function, first, second));
    };
  }

  /** What comes from elsewhere may be assigned to before it is read. */
  private static Object operand(@Nullable Object value, boolean isRead) {
    Object operand = Objects.requireNonNull(value);
    return isRead && operand instanceof Tensor x
        ? new Tensor(x.dimensions(), x.elements())
        : operand;
  }

  private List<Member> live() {
    Set<Integer> wanted = new LinkedHashSet<>(given);
    List<Member> live = new ArrayList<>();
    for (Member member : members.reversed()) {
      if (wanted.contains(member.value)) {
        live.addFirst(member);
        wanted.add(member.first);
        wanted.add(member.second);
      }
    }
    return live;
  }

  private Step alone(Member member) {
    return program.nodes().get(member.node).with(member.first, member.second).to(member.value);
  }

  // ---------------------------------------------------------------- registers

  /**
   * The nodes in pieces. Registers are what is read, what is given, and room for what is neither,
   * which is used again once nothing reads it any more.
   */
  private Pieces pieces(List<Member> live) {
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < live.size(); i++) {
      last.put(live.get(i).first, i);
      last.put(live.get(i).second, i);
    }
    List<Integer> inputs = reads.keySet().stream().filter(last::containsKey).toList();
    List<Integer> outputs = live.stream().map(Member::value).filter(given::contains).toList();
    Map<Integer, Integer> register = new HashMap<>();
    inputs.forEach(value -> register.put(value, register.size()));
    outputs.forEach(value -> register.put(value, register.size()));
    int fixed = register.size();
    BitSet taken = new BitSet();
    List<Pieces.Operation> operations = new ArrayList<>();
    for (int i = 0; i < live.size(); i++) {
      Member member = live.get(i);
      int first = register.get(member.first);
      int second = register.get(member.second);
      for (int operand : new int[] {member.first, member.second}) {
        if (register.get(operand) >= fixed && last.get(operand) == i) {
          taken.clear(register.get(operand) - fixed);
        }
      }
      if (!register.containsKey(member.value)) {
        int free = taken.nextClearBit(0);
        taken.set(free);
        register.put(member.value, fixed + free);
      }
      int target = register.get(member.value);
      operations.add(new Pieces.Operation(member.function, first, second, target));
    }
    List<Form> forms = inputs.stream().map(reads::get).map(Objects::requireNonNull).toList();
    return new Pieces(shape, operations, inputs, forms, outputs, type);
  }
}

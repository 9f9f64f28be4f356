package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A loop whose derivatives can be carried along it: few active numbers go in, and what is done to
 * them is arithmetic.
 *
 * @param loop the loop, with those in it
 * @param inputs the active numbers from outside that it reads
 * @param names what it reads, and which input that is: parameters of blocks before it pass inputs
 *     on
 * @param exits the blocks to which control leaves it
 */
record CarriedLoop(Loop loop, List<Value> inputs, Map<Value, Value> names, Set<Block> exits) {
  /** With more, the tangents cost more than what is saved by keeping nothing. */
  private static final int MAX_INPUTS = 2;

  /** Larger loops are not looked through, so that deep nests of loops take linear time. */
  private static final int MAX_BLOCKS = 64;

  /**
   * Functions whose derivatives are finite where they are: that of a root at zero is not, and times
   * a tangent of zero, unlike in the reverse sweep, where its rule asks for zero, not a number.
   */
  private static final Set<String> SMOOTH =
      Set.of(
          "sin", "cos", "tan", "exp", "expm1", "log", "log1p", "log10", "sinh", "cosh", "tanh",
          "atan", "abs", "max", "min");

  private static final Set<String> MATH = Set.of("Ljava/lang/Math;", "Ljava/lang/StrictMath;");

  /** The loops of a body in {@link Canonical} form that can be carried, none within another. */
  static List<CarriedLoop> find(Body body, Activity activity) {
    Dominators dominators = Dominators.of(body);
    Loops loops = Loops.of(body, dominators);
    if (loops.all().isEmpty()) {
      return List.of();
    }
    Map<Value, Block> homes = body.homes();
    List<CarriedLoop> found = new ArrayList<>();
    Set<Loop> covered = new HashSet<>();
    for (Loop loop : loops.all()) { // outer loops first
      if (loop.parent() != null && covered.contains(loop.parent())) {
        covered.add(loop);
        continue;
      }
      if (loop.blocks().size() > MAX_BLOCKS) {
        continue;
      }
      Search search = new Search(loop, loops, activity, homes, dominators);
      if (search.succeeds()) {
        Set<Value> inputs = new LinkedHashSet<>(search.inputs.values());
        found.add(new CarriedLoop(loop, List.copyOf(inputs), search.inputs, search.exits));
        covered.add(loop);
      }
    }
    return found;
  }

  private static boolean isNumber(Value value) {
    return value.kind() == Kind.FLOAT || value.kind() == Kind.DOUBLE;
  }

  /** Looks through one loop. */
  private static final class Search {
    private final Loop loop;
    private final Loops loops;
    private final Activity activity;
    private final Map<Value, Block> homes;
    private final Dominators dominators;
    final Map<Value, Value> inputs = new LinkedHashMap<>();
    final Set<Block> exits = new LinkedHashSet<>();
    private boolean isActive;

    Search(
        Loop loop, Loops loops, Activity activity, Map<Value, Block> homes, Dominators dominators) {
      this.loop = loop;
      this.loops = loops;
      this.activity = activity;
      this.homes = homes;
      this.dominators = dominators;
    }

    boolean succeeds() {
      for (Block block : loop.blocks()) {
        if (!block.handlers().isEmpty() || !block.parameters().stream().allMatch(this::mayPass)) {
          return false;
        }
        for (Op op : block.ops()) {
          if (!isSimple(op)) {
            return false;
          }
        }
        for (Successor successor : block.successors()) {
          if (!leads(successor)) {
            return false;
          }
        }
      }
      for (Block predecessor : dominators.predecessors(loop.header())) {
        if (!loop.blocks().contains(predecessor)) {
          if (!(predecessor.terminator() instanceof Terminator.Branch)
              || predecessor.successors().get(0).block() != loop.header()) {
            return false;
          }
          reads(predecessor.successors().get(0));
        }
      }
      int count = new HashSet<>(inputs.values()).size();
      return isActive && count > 0 && count <= MAX_INPUTS;
    }

    private boolean mayPass(Value value) {
      isActive |= activity.isActive(value);
      return !activity.isActive(value) || isNumber(value);
    }

    /** Whether an operation is passive, or arithmetic on numbers. */
    private boolean isSimple(Op op) {
      Value result = op.result();
      if (result == null || !activity.isActive(result)) {
        return switch (op) {
          case Op.Call call ->
              activity.target(call) instanceof Target.Ruled
                  || call.arguments().stream().noneMatch(activity::isVaried);
          case Op.Apply _,
              Op.InvokeDynamic _,
              Op.Lambda _,
              Op.New _,
              Op.StoreField _,
              Op.StoreElement _,
              Op.Cast _ ->
              op.operands().stream().noneMatch(activity::isVaried);
          default -> true;
        };
      }
      boolean isArithmetic =
          switch (op) {
            case Op.Negate _, Op.Convert _, Op.Binary _ -> true;
            case Op.Call call ->
                MATH.contains(call.method().owner().descriptorString())
                    && SMOOTH.contains(call.method().name())
                    && activity.target(call) instanceof Target.Ruled;
            default -> false;
          };
      if (!isArithmetic || !isNumber(result)) {
        return false;
      }
      isActive = true;
      op.operands().forEach(this::read);
      return true;
    }

    private void read(Value value) {
      if (activity.isActive(value) && !loop.blocks().contains(homes.get(value))) {
        inputs.computeIfAbsent(value, this::origin);
      }
    }

    /** Looks through parameters of blocks with one predecessor, in the loops around this one. */
    private Value origin(Value value) {
      Value at = value;
      while (true) {
        Block home = homes.get(at);
        int index = home.parameters().indexOf(at);
        List<Block> predecessors = dominators.predecessors(home);
        if (index < 0
            || predecessors.size() != 1
            || !(predecessors.get(0).terminator() instanceof Terminator.Branch branch)) {
          return at;
        }
        Value passed = branch.target().arguments().get(index);
        Loop around = loops.innermost(homes.get(passed));
        if (around != null && !around.blocks().contains(loop.header())) {
          return at;
        }
        at = passed;
      }
    }

    private void reads(Successor successor) {
      for (int i = 0; i < successor.arguments().size(); i++) {
        if (activity.isActive(successor.block().parameters().get(i))) {
          read(successor.arguments().get(i));
        }
      }
    }

    /** Notes what an edge passes; what leaves the loop must stay in the loop around it. */
    private boolean leads(Successor successor) {
      reads(successor);
      if (loop.blocks().contains(successor.block())) {
        return true;
      }
      exits.add(successor.block());
      return loops.innermost(successor.block()) == loop.parent()
          && successor.block().parameters().stream().allMatch(this::mayPass);
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A loop over things that do not depend on each other, as a loss over data: what its iterations
 * hand on are sums whose cotangents are known before the loop runs. The adjoint of an iteration
 * then follows the iteration itself, and what is kept is that of one iteration. After Hascoët,
 * Fidanova and Held, "Adjoining Independent Computations" (2001), where the cotangents need not be
 * known and the loop runs twice.
 *
 * @param loop an outermost loop, left from its header only
 * @param sums the header's parameters that are sums, with their cotangents
 * @param inputs active numbers from outside that it reads
 */
record IndependentLoop(Loop loop, Map<Value, KnownCotangent> sums, Set<Value> inputs) {
  /** Larger loops stay as they are: their adjoint would make the method too large. */
  private static final int MOST_OPERATIONS = 1000;

  /** The loops of a body that is differentiated with a cotangent of one. */
  static List<IndependentLoop> find(Plan plan) {
    List<IndependentLoop> found = new ArrayList<>();
    for (Block block : plan.body.blocks()) {
      if (!block.handlers().isEmpty()
          || block.ops().stream().anyMatch(op -> movesShadows(op, plan))) {
        return found;
      }
    }
    Uses uses = plan.uses();
    for (Loop loop : plan.loops.all()) {
      boolean isOutermost = loop.parent() == null && plan.isReversed(loop);
      if (isOutermost && CountedLoop.onlyHeaderLeads(loop)) {
        IndependentLoop independent = new Search(loop, uses, plan).find();
        if (independent != null) {
          found.add(independent);
        }
      }
    }
    return found;
  }

  /** Whether an operation changes which shadows belong to an object, or adjoints in them. */
  private static boolean movesShadows(Op op, Plan plan) {
    return plan.isActive(op)
        && switch (op) {
          case Op.StoreField _ -> true;
          case Op.LoadField load -> load.receiver() == null;
          case Op.StoreElement store -> !ForwardSweep.elementType(store).isPrimitive();
          default -> false;
        };
  }

  /** The block before the loop. */
  Block before(Plan plan) {
    for (Block predecessor : plan.dominators.predecessors(loop.header())) {
      if (!loop.blocks().contains(predecessor)) {
        return predecessor;
      }
    }
    throw new IllegalStateException("a loop that is never entered");
  }

  /** Looks through one loop. */
  private static final class Search {
    private final Loop loop;
    private final Uses uses;
    private final Plan plan;
    private final PrivateArrays arrays;
    private final Set<Value> inputs = new LinkedHashSet<>();

    Search(Loop loop, Uses uses, Plan plan) {
      this.loop = loop;
      this.uses = uses;
      this.plan = plan;
      this.arrays = new PrivateArrays(loop, plan);
    }

    @Nullable IndependentLoop find() {
      Map<Value, KnownCotangent> sums = new LinkedHashMap<>();
      IndependentLoop found = new IndependentLoop(loop, sums, inputs);
      for (Value parameter : loop.header().parameters()) {
        if (plan.activity.isActive(parameter)) {
          Accumulators sum =
              isNumber(parameter) ? Accumulators.of(parameter, loop, uses, plan) : null;
          KnownCotangent cotangent =
              sum == null ? null : KnownCotangent.of(sum.left(), found.before(plan), uses, plan);
          if (cotangent == null) {
            return null;
          }
          sums.put(parameter, cotangent);
        }
      }
      int operations = 0;
      for (Block block : loop.blocks()) {
        operations += block.ops().size();
        if (!block.parameters().stream().allMatch(this::mayBeReversed)) {
          return null;
        }
        for (Op op : block.ops()) {
          if (plan.isActive(op) && (block == loop.header() || !mayBeReversed(op))) {
            return null;
          }
          if (op.result() != null && !mayBeReversed(op.result())) {
            return null;
          }
        }
        findInputs(block);
      }
      boolean isFine = !sums.isEmpty() && operations <= MOST_OPERATIONS;
      return isFine && inputs.stream().allMatch(this::mayBeReversed) ? found : null;
    }

    private static boolean isNumber(Value value) {
      return value.type().isPrimitive();
    }

    /** Whether a value is no number or vector with an adjoint, or a number that is no object. */
    private boolean mayBeReversed(Value value) {
      return !plan.isActiveValue(value) || (isNumber(value) && !plan.hasCell(value));
    }

    private void findInputs(Block block) {
      for (Op op : block.ops()) {
        if (plan.isActive(op)) {
          op.operands().forEach(this::read);
        }
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          if (plan.activity.isActive(successor.block().parameters().get(i))) {
            read(successor.arguments().get(i));
          }
        }
      }
    }

    private void read(Value value) {
      if (plan.isActiveValue(value) && !loop.blocks().contains(plan.block(value))) {
        inputs.add(value);
      }
    }

    /** Whether an active operation may be reversed at the end of its iteration. */
    private boolean mayBeReversed(Op op) {
      return switch (op) {
        case Op.Negate _, Op.Convert _, Op.Binary _ -> true;
        case Op.LoadField load -> !plan.isActiveValue(load.result()); // may be stored in later
        case Op.Cast cast -> !plan.isActiveValue(cast.result());
        case Op.NewArray made ->
            made.lengths().size() == 1 && made.result().type().componentType().isPrimitive();
        case Op.LoadElement load ->
            !isNumber(load.result()) || isPrivate(load.array()) || plan.overwriting().lasts(load);
        case Op.StoreElement store -> isPrivate(store.array());
        case Op.Call call ->
            plan.activity.target(op) instanceof Target.Ruled
                && call.result() != null
                && isNumber(call.result())
                && call.arguments().stream().allMatch(Search::isNumber);
        default -> false;
      };
    }

    private boolean isPrivate(Value array) {
      Op.NewArray origin = plan.overwriting().own().origin(array);
      return origin != null && arrays.isPrivate(origin);
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays of a body's own that hold, whenever a loop reads them, what the same iteration has written
 * there: none of its iterations gets anything from another through them. That they could be made in
 * each iteration is what makes them private to it (Tu and Padua, "Automatic Array Privatization",
 * 1993).
 */
final class PrivateArrays {
  private final Loop loop;
  private final Plan plan;
  private final Map<Op.NewArray, Boolean> known = new IdentityHashMap<>();

  PrivateArrays(Loop loop, Plan plan) {
    this.loop = loop;
    this.plan = plan;
  }

  /** Whether an array is private, and only the loop uses it. */
  boolean isPrivate(Op.NewArray made) {
    return known.computeIfAbsent(made, this::find);
  }

  private boolean find(Op.NewArray made) {
    if (loop.blocks().contains(plan.block(made.result()))) {
      return true;
    }
    List<Op.LoadElement> loads = new ArrayList<>();
    List<Op.StoreElement> stores = new ArrayList<>();
    for (Block block : plan.body.blocks()) {
      for (Op op : block.ops()) {
        boolean isLoad = op instanceof Op.LoadElement load && isOf(load.array(), made);
        boolean isStore = op instanceof Op.StoreElement store && isOf(store.array(), made);
        if ((isLoad || isStore) && !loop.blocks().contains(block)) {
          return false;
        }
        if (isLoad) {
          loads.add((Op.LoadElement) op);
        } else if (isStore) {
          stores.add((Op.StoreElement) op);
        }
      }
    }
    return loads.stream().allMatch(load -> isWrittenBefore(load, stores, made));
  }

  private boolean isOf(Value array, Op.NewArray made) {
    return plan.overwriting().own().origin(array) == made;
  }

  /** Whether the iteration has written an element before it reads it, on each path. */
  private boolean isWrittenBefore(
      Op.LoadElement load, List<Op.StoreElement> stores, Op.NewArray made) {
    for (Op.StoreElement store : stores) {
      boolean isSame = store.index() == load.index() && precedes(store, load);
      if (isSame || fills(store, load, made)) {
        return true;
      }
    }
    Integer length = plan.integer(made.lengths().get(0));
    if (length == null) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int index = i;
      boolean isWritten =
          stores.size() >= length
              && stores.stream()
                  .anyMatch(
                      store ->
                          Integer.valueOf(index).equals(plan.integer(store.index()))
                              && precedes(store, load));
      if (!isWritten) {
        return false;
      }
    }
    return true;
  }

  private boolean precedes(Op first, Op second) {
    Overwriting.Place from = plan.overwriting().place(first);
    Overwriting.Place to = plan.overwriting().place(second);
    return from.block() == to.block()
        ? from.index() < to.index()
        : plan.dominators.dominates(from.block(), to.block());
  }

  /** Whether a store is that of a loop over all elements which ends before they are read. */
  private boolean fills(Op.StoreElement store, Op.LoadElement load, Op.NewArray made) {
    Block block = plan.overwriting().place(store).block();
    Loop filling = plan.loops.innermost(block);
    CountedLoop count = filling == null ? null : plan.counted(filling);
    if (filling == null || filling == loop || count == null || store.index() != count.variable()) {
      return false;
    }
    Inductions.Induction induction = plan.induction(count.variable());
    boolean isWhole =
        induction != null
            && Integer.valueOf(0).equals(plan.integer(induction.start()))
            && count.step() == 1
            && !count.isInclusive()
            && isLength(count.bound(), made);
    return isWhole
        && plan.dominators.dominates(block, filling.latches().get(0))
        && filling.header().successors().stream()
            .map(successor -> successor.block())
            .filter(next -> !filling.blocks().contains(next))
            .allMatch(
                next -> plan.dominators.dominates(next, plan.overwriting().place(load).block()));
  }

  private boolean isLength(Value bound, Op.NewArray made) {
    Value length = made.lengths().get(0);
    Integer number = plan.integer(length);
    return bound == length
        || (number != null && number.equals(plan.integer(bound)))
        || (plan.definition(bound) instanceof Op.ArrayLength of && isOf(of.array(), made));
  }
}

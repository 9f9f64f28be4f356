package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.grad.Overwriting.Place;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of a body's own of which the reverse sweep has a copy that it takes back to what the array
 * held: what each store overwrites is kept, rather than what each load reads. It pays where more is
 * read than written. After Hascoët and Pascual, "The Tapenade Automatic Differentiation tool"
 * (2013), section 3, where all memory is restored so.
 */
final class RestoredArrays {
  /** How often a loop is thought to run. */
  private static final double TRIPS = 8;

  private final Plan plan;
  private final Overwriting overwriting;
  private final Map<Op.NewArray, List<Op.LoadElement>> candidates = new LinkedHashMap<>();
  private final Set<Op> loads = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Value> arrays = new LinkedHashSet<>();

  /**
   * Finds the arrays that it pays to restore.
   *
   * @param plan what is needed is known to it, and nothing is kept yet
   */
  RestoredArrays(Plan plan, Overwriting overwriting) {
    this.plan = plan;
    this.overwriting = overwriting;
    Block exit = null;
    for (Block block : plan.body.blocks()) {
      if (!block.handlers().isEmpty()) {
        return;
      }
      if (block.terminator() instanceof Terminator.Return) {
        exit = block;
      }
    }
    if (exit == null || plan.loops.all().isEmpty()) {
      return;
    }
    Map<Op.NewArray, Double> written = new IdentityHashMap<>();
    for (Block block : plan.body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.LoadElement load && mayRead(load)) {
          Op.NewArray origin = overwriting.own().origin(load.array());
          if (origin != null && mayRestore(origin, exit)) {
            candidates.computeIfAbsent(origin, _ -> new ArrayList<>()).add(load);
          }
        }
        if (op instanceof Op.StoreElement store) {
          Op.NewArray origin = overwriting.own().origin(store.array());
          if (origin != null) {
            written.merge(origin, weight(block), Double::sum);
          }
        }
      }
    }
    candidates
        .entrySet()
        .removeIf(
            entry -> {
              double read = 0;
              for (Op.LoadElement load : entry.getValue()) {
                read += weight(overwriting.place(load).block());
              }
              return read <= written.getOrDefault(entry.getKey(), 0.0);
            });
  }

  private double weight(Block block) {
    double weight = 1;
    for (Loop at = plan.loops.innermost(block); at != null; at = at.parent()) {
      weight *= TRIPS;
    }
    return weight;
  }

  private boolean mayRestore(Op.NewArray made, Block exit) {
    Block home = overwriting.place(made).block();
    ClassDesc element = made.result().type().componentType();
    return (element.equals(CD_double) || element.equals(CD_float))
        && plan.activity.isActive(made.result())
        && plan.loops.innermost(home) == null
        && plan.dominators.dominates(home, exit);
  }

  /**
   * Whether the reverse sweep may read an element from a copy of its array, since all that needs it
   * comes before the array is written to again.
   */
  private boolean mayRead(Op.LoadElement load) {
    Set<Op> readers = plan.readers().get(load.result());
    Place from = overwriting.place(load);
    if (readers == null || plan.loops.innermost(from.block()) == null) {
      return false;
    }
    int last = from.index();
    for (Op reader : readers) {
      Place place = overwriting.place(reader);
      if (place.block() != from.block()) {
        return false;
      }
      last = Math.max(last, place.index());
    }
    Op.NewArray origin = overwriting.own().origin(load.array());
    for (Op op : from.block().ops().subList(from.index(), last)) {
      if (op instanceof Op.StoreElement store
          && overwriting.own().origin(store.array()) == origin) {
        return false;
      }
    }
    return true;
  }

  /** The array from whose copy a value may be read, or null when it must be kept itself. */
  Op.@Nullable NewArray candidate(Op.LoadElement load) {
    Op.NewArray origin = overwriting.own().origin(load.array());
    List<Op.LoadElement> known = origin == null ? null : candidates.get(origin);
    return known != null && known.contains(load) && mayRead(load) ? origin : null;
  }

  /** Decides that a value is read from the copy of its array. */
  void read(Op.LoadElement load, Op.NewArray origin) {
    loads.add(load);
    arrays.add(origin.result());
  }

  /** The array from whose copy a value is read, or null when it is not. */
  @Nullable Value array(Op op) {
    Op.NewArray origin =
        op instanceof Op.LoadElement load && loads.contains(op)
            ? overwriting.own().origin(load.array())
            : null;
    return origin == null ? null : origin.result();
  }

  /** The array whose copy takes back what a store overwrote, or null when none needs to. */
  @Nullable Value restoredBy(Op.StoreElement store) {
    Op.NewArray origin = overwriting.own().origin(store.array());
    if (origin == null || !arrays.contains(origin.result())) {
      return null;
    }
    for (Op load : loads) {
      if (array(load) == origin.result()
          && overwriting.isFollowed(load, write -> write.op() == store, null)) {
        return origin.result();
      }
    }
    return null;
  }

  /** Whether an array is restored in the forward half, by the loop to which it is private. */
  boolean isEarly(Value array) {
    return loads.stream()
        .anyMatch(
            load ->
                array(load) == array && plan.independent(overwriting.place(load).block()) != null);
  }

  /** The arrays that are copied and restored. */
  Set<Value> arrays() {
    return arrays;
  }
}

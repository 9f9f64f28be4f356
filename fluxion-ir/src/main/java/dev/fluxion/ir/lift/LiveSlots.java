package dev.fluxion.ir.lift;

import dev.fluxion.ir.lift.ControlFlow.Region;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which local variable slots a method's code may still read where a region starts. */
final class LiveSlots {
  private final ControlFlow flow;
  private final Map<Region, BitSet> live = new HashMap<>();

  /** Solves the equations from the last region backwards until nothing changes. */
  LiveSlots(ControlFlow flow) {
    this.flow = flow;
    List<Region> order = flow.reversePostorder().reversed();
    order.forEach(region -> live.put(region, new BitSet()));
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Region region : order) {
        BitSet now = before(region);
        if (!now.equals(live.put(region, now))) {
          changed = true;
        }
      }
    }
  }

  /** The slots that are read in a region, or after it, before they are written. */
  BitSet at(Region region) {
    return live.getOrDefault(region, new BitSet());
  }

  private BitSet before(Region region) {
    BitSet slots = new BitSet();
    for (Region successor : region.successors) {
      slots.or(at(successor));
    }
    for (int i = region.end - 1; i >= region.start; i--) {
      switch (flow.elements.get(i)) {
        case StoreInstruction store -> slots.clear(store.slot());
        case LoadInstruction load -> slots.set(load.slot());
        case IncrementInstruction increment -> slots.set(increment.slot());
        default -> {}
      }
    }
    for (ExceptionCatch handler : region.handlers) {
      slots.or(at(flow.region(handler.handler())));
    }
    return slots;
  }
}

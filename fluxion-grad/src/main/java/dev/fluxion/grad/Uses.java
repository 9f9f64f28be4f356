package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Where the values of a body go, as far as derivatives follow. */
final class Uses {
  /** Where a value goes. */
  sealed interface Use {
    /** The block where it is read. */
    Block block();

    /** Into an operation. */
    record By(Op op, Block block) implements Use {}

    /** Over an edge, as what a parameter is. */
    record Passed(Value parameter, Block block) implements Use {}

    /** Out. */
    record Returned(Block block) implements Use {}
  }

  private final Map<Value, List<Use>> active = new HashMap<>();

  /** The uses by which adjoints come to the values of a body. */
  Uses(Body body, Plan plan) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (plan.isActive(op)) {
          new LinkedHashSet<>(op.operands()).forEach(value -> add(value, new Use.By(op, block)));
        }
      }
      if (block.terminator() instanceof Terminator.Return returned && returned.value() != null) {
        add(returned.value(), new Use.Returned(block));
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          Value parameter = successor.block().parameters().get(i);
          if (plan.activity.isActive(parameter)) {
            add(successor.arguments().get(i), new Use.Passed(parameter, block));
          }
        }
      }
    }
  }

  private void add(Value value, Use use) {
    active.computeIfAbsent(value, _ -> new ArrayList<>()).add(use);
  }

  /** The active uses of a value. */
  List<Use> active(Value value) {
    return active.getOrDefault(value, List.of());
  }
}

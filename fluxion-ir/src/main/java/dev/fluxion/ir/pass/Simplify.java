package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.RedundantParameters;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds constants and exact identities, decides branches on constants, and straightens the control
 * flow: blocks that only jump are jumped over, a block with one predecessor joins it.
 */
public final class Simplify {
  private static final int MAX_ROUNDS = 8;

  private final Rewriter rewriter;
  private final Map<Value, Op> definitions = new HashMap<>();
  private final Map<Value, Value> replacements = new HashMap<>();
  private boolean changed;

  private Simplify(Body body) {
    this.rewriter = new Rewriter(body);
  }

  /** The simplified body, without dead code. */
  public static Body simplify(Body body) {
    Body current = DeadCode.remove(body);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Simplify pass = new Simplify(current);
      pass.run();
      if (!pass.changed) {
        break;
      }
      current = DeadCode.remove(pass.rewriter.build());
    }
    return current;
  }

  private void run() {
    for (Block block : rewriter.blocks()) {
      for (Op op : block.ops()) {
        if (op.result() != null) {
          definitions.put(op.result(), op);
        }
      }
    }
    for (Block block : rewriter.blocks()) {
      fold(block);
    }
    dropRepeatedParameters();
    rewriter.replace(replacements);
    replacements.clear();
    dropRedundantParameters();
    jumpOver();
    join();
  }

  private @Nullable Op definition(Value value) {
    Value at = value;
    for (Value next = replacements.get(at); next != null; next = replacements.get(at)) {
      at = next;
    }
    return definitions.get(at);
  }

  private void fold(Block block) {
    List<Op> ops = rewriter.ops(block);
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      Value result = op.result();
      if (result == null) {
        continue;
      }
      Value same = Folding.sameAs(op, this::definition);
      if (same != null && same != result) {
        replacements.put(result, same);
        changed = true;
        continue;
      }
      Op folded = Folding.fold(op, this::definition);
      if (folded != null) {
        ops.set(i, folded);
        definitions.put(result, folded);
        changed = true;
      }
    }
    Terminator end = block.terminator();
    Successor only = decided(end);
    if (only != null) {
      rewriter.end(block, new Terminator.Branch(only, end.location()));
      changed = true;
    }
  }

  /** branch on a constant → jump; switch on a constant → jump; branch to one target → jump. */
  private @Nullable Successor decided(Terminator end) {
    if (end instanceof Terminator.ConditionalBranch branch) {
      if (branch.ifTrue().equals(branch.ifFalse())) {
        return branch.ifTrue();
      }
      Integer condition = Folding.intConstant(definition(branch.condition()));
      if (condition != null) {
        return condition != 0 ? branch.ifTrue() : branch.ifFalse();
      }
    } else if (end instanceof Terminator.Switch choice) {
      Integer key = Folding.intConstant(definition(choice.key()));
      if (key != null) {
        int index = choice.labels().indexOf(key);
        return index < 0 ? choice.otherwise() : choice.targets().get(index);
      }
    }
    return null;
  }

  /** ^b(x) where every edge passes the same v, or x itself → v. */
  private void dropRepeatedParameters() {
    Map<Value, Value> only = new HashMap<>();
    Set<Value> several = new HashSet<>();
    for (Block block : rewriter.blocks()) {
      for (Block.Handler handler : block.handlers()) {
        several.addAll(handler.target().block().parameters());
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          Value parameter = successor.block().parameters().get(i);
          Value argument = successor.arguments().get(i);
          if (argument == parameter) {
            continue;
          }
          Value known = only.putIfAbsent(parameter, argument);
          if (known != null && known != argument && !equalConstants(known, argument)) {
            several.add(parameter);
          }
        }
      }
    }
    for (Block block : rewriter.blocks()) {
      for (Value parameter : block.parameters()) {
        Value value = only.get(parameter);
        if (value == null || several.contains(parameter) || reaches(value, parameter)) {
          continue;
        }
        // several equal constants: one more stands for them all, at the head of the block, or
        // where the block's handlers, which may read it, see it too
        if (definitions.get(value) instanceof Op.Constant constant) {
          Value copy = new Value(constant.result().type());
          Op op = constant.with(copy, List.of());
          rewriter.ops(block.handlers().isEmpty() ? block : rewriter.entry()).add(0, op);
          definitions.put(copy, op);
          value = copy;
        }
        replacements.put(parameter, value);
        changed = true;
      }
    }
  }

  /** ^b(x), ^c(y), where b passes x to y and c passes y back to x, and one v enters → v. */
  private void dropRedundantParameters() {
    Map<Value, Set<Value>> incoming = new LinkedHashMap<>();
    for (Block block : rewriter.blocks()) {
      for (Successor successor : block.successors()) {
        connect(successor.block().parameters(), successor.arguments(), incoming);
      }
      for (Block.Handler handler : block.handlers()) {
        List<Value> parameters = handler.target().block().parameters();
        connect(parameters.subList(1, parameters.size()), handler.target().arguments(), incoming);
      }
    }
    Map<Value, Value> redundant = RedundantParameters.of(incoming);
    changed |= !redundant.isEmpty();
    rewriter.replace(redundant);
  }

  private static void connect(
      List<Value> parameters, List<Value> arguments, Map<Value, Set<Value>> incoming) {
    for (int i = 0; i < arguments.size(); i++) {
      incoming.computeIfAbsent(parameters.get(i), _ -> new LinkedHashSet<>()).add(arguments.get(i));
    }
  }

  private boolean equalConstants(Value left, Value right) {
    return definitions.get(left) instanceof Op.Constant a
        && definitions.get(right) instanceof Op.Constant b
        && a.result().type().equals(b.result().type())
        && java.util.Objects.equals(a.value(), b.value());
  }

  private boolean reaches(Value from, Value to) {
    Value at = from;
    for (Value next = replacements.get(at); next != null; next = replacements.get(at)) {
      at = next;
    }
    return at == to;
  }

  /** a → b, b only jumps to c: a → c. */
  private void jumpOver() {
    if (rewriter.blocks().stream().noneMatch(Simplify::onlyJumps)) {
      return;
    }
    Set<Value> readElsewhere = readElsewhere();
    for (Block block : rewriter.blocks()) {
      List<Successor> successors = new ArrayList<>();
      boolean moved = false;
      for (Successor successor : block.successors()) {
        Successor target = successor;
        Block via = target.block();
        int hops = 0;
        while (onlyJumps(via)
            && via.terminator() instanceof Terminator.Branch jump
            && jump.target().block() != via
            && hops++ < 32
            && Collections.disjoint(via.parameters(), readElsewhere)) {
          target = through(target, via, jump.target());
          via = target.block();
          moved = true;
        }
        successors.add(target);
      }
      if (moved) {
        Terminator end = block.terminator();
        rewriter.end(block, end.with(end.operands(), successors));
        changed = true;
      }
    }
  }

  private static boolean onlyJumps(Block block) {
    return block.ops().isEmpty() && block.terminator() instanceof Terminator.Branch;
  }

  /**
   * The values that something reads other than the edges out of the block that has them as
   * parameters.
   */
  private Set<Value> readElsewhere() {
    Set<Value> read = new HashSet<>();
    for (Block block : rewriter.blocks()) {
      for (Op op : block.ops()) {
        read.addAll(op.operands());
      }
      read.addAll(block.terminator().operands());
      for (Successor successor : block.successors()) {
        for (Value value : successor.arguments()) {
          if (!block.parameters().contains(value)) {
            read.add(value);
          }
        }
      }
      for (Block.Handler handler : block.handlers()) {
        read.addAll(handler.target().arguments());
      }
    }
    return read;
  }

  private static Successor through(Successor edge, Block via, Successor next) {
    List<Value> arguments = new ArrayList<>();
    for (Value argument : next.arguments()) {
      int index = via.parameters().indexOf(argument);
      arguments.add(index < 0 ? argument : edge.arguments().get(index));
    }
    return new Successor(next.block(), arguments);
  }

  /** a → b with no other way to b: a and b are one. */
  private void join() {
    Map<Block, Integer> entries = new HashMap<>();
    for (Block block : rewriter.blocks()) {
      for (Successor successor : block.successors()) {
        entries.merge(successor.block(), 1, Integer::sum);
      }
      for (Block.Handler handler : block.handlers()) {
        entries.merge(handler.target().block(), 2, Integer::sum);
      }
    }
    Set<Block> gone = new HashSet<>();
    for (Block block : rewriter.blocks()) {
      if (gone.contains(block)) {
        continue;
      }
      while (block.terminator() instanceof Terminator.Branch jump
          && jump.target().block() != block
          && jump.target().block() != rewriter.entry()
          && entries.get(jump.target().block()) == 1
          && block.handlers().equals(jump.target().block().handlers())) {
        Block next = jump.target().block();
        for (int i = 0; i < next.parameters().size(); i++) {
          replacements.put(next.parameters().get(i), jump.target().arguments().get(i));
        }
        rewriter.ops(block).addAll(next.ops());
        rewriter.end(block, next.terminator());
        gone.add(next);
        changed = true;
      }
    }
    rewriter.replace(replacements);
  }
}

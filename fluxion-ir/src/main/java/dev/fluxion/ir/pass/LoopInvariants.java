package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves what computes the same in each iteration of a loop to the block before the loop.
 *
 * <p>Moved are pure operations, which may be executed though the loop would not have reached them,
 * and what each entry of the loop executes first: lengths of arrays in its header, which throw
 * there just as they would have unless the header has handlers.
 */
public final class LoopInvariants {
  private final Rewriter rewriter;
  private final Map<Value, Block> definedIn = new HashMap<>();
  private final Set<Block> handlers = new HashSet<>();
  private final Map<Loops.Loop, Set<Block>> members = new HashMap<>();
  private boolean changed;

  private LoopInvariants(Body source) {
    this.rewriter = new Rewriter(source);
  }

  /** The body with its loops relieved of what does not change in them. */
  public static Body hoist(Body body) {
    LoopInvariants pass = new LoopInvariants(body);
    Body copy = pass.rewriter.build();
    Loops loops = Loops.of(copy, Dominators.of(copy));
    if (!loops.isReducible() || loops.all().isEmpty()) {
      return body;
    }
    for (Block block : copy.blocks()) {
      block.handlers().forEach(handler -> pass.handlers.add(handler.target().block()));
      block.parameters().forEach(value -> pass.definedIn.put(value, block));
      for (Op op : block.ops()) {
        if (op.result() != null) {
          pass.definedIn.put(op.result(), block);
        }
      }
    }
    loops.all().forEach(loop -> pass.members.put(loop, new HashSet<>(loop.blocks())));
    for (Loops.Loop loop : loops.all().reversed()) { // inner loops first: what leaves one may go on
      pass.hoist(loop);
    }
    if (!pass.changed) {
      return body;
    }
    Body result = pass.rewriter.build();
    assert Verifier.isValid(result);
    return result;
  }

  private void hoist(Loops.Loop loop) {
    Block header = loop.header();
    Set<Block> inside = members.get(loop);
    if (handlers.contains(header)) {
      return;
    }
    Set<Value> moved = new HashSet<>();
    List<Op> before = new ArrayList<>();
    for (Block block : rewriter.blocks()) {
      if (!inside.contains(block)) {
        continue;
      }
      boolean isFirst = block == header && header.handlers().isEmpty();
      List<Op> stay = new ArrayList<>();
      for (Op op : block.ops()) {
        boolean mayMove = op.isPure() || (isFirst && op instanceof Op.ArrayLength);
        if (mayMove && isInvariant(op, inside, moved)) {
          before.add(op);
          moved.add(op.result());
        } else {
          stay.add(op);
          isFirst &= op.isPure();
        }
      }
      List<Op> ops = rewriter.ops(block);
      if (stay.size() < ops.size()) {
        ops.clear();
        ops.addAll(stay);
      }
    }
    if (before.isEmpty()) {
      return;
    }
    Block preheader = preheader(loop);
    rewriter.ops(preheader).addAll(before);
    for (Op op : before) {
      definedIn.put(op.result(), preheader);
    }
    changed = true;
  }

  private boolean isInvariant(Op op, Set<Block> inside, Set<Value> moved) {
    for (Value operand : op.operands()) {
      if (inside.contains(definedIn.get(operand)) && !moved.contains(operand)) {
        return false;
      }
    }
    return true;
  }

  private static boolean leads(Block block, Block target) {
    for (Successor edge : block.successors()) {
      if (edge.block() == target) {
        return true;
      }
    }
    return false;
  }

  /** The block that does nothing but go to the loop, after what it has done before. */
  private Block preheader(Loops.Loop loop) {
    Block header = loop.header();
    List<Block> entering = new ArrayList<>();
    for (Block block : rewriter.blocks()) {
      if (leads(block, header) && !members.get(loop).contains(block)) {
        entering.add(block);
      }
    }
    if (entering.size() == 1
        && entering.get(0).terminator() instanceof Terminator.Branch
        && entering.get(0).handlers().isEmpty()) {
      return entering.get(0);
    }
    Block preheader = rewriter.newBlock();
    List<Value> passed = new ArrayList<>();
    for (Value parameter : header.parameters()) {
      Value copy = parameter.copy();
      rewriter.parameters(preheader).add(copy);
      definedIn.put(copy, preheader);
      passed.add(copy);
    }
    rewriter.end(
        preheader,
        new Terminator.Branch(
            new Successor(header, List.copyOf(passed)), header.terminator().location()));
    for (Block block : entering) {
      Terminator end = block.terminator();
      List<Successor> successors = new ArrayList<>();
      for (Successor edge : end.successors()) {
        successors.add(edge.block() == header ? new Successor(preheader, edge.arguments()) : edge);
      }
      rewriter.end(block, end.with(end.operands(), successors));
    }
    for (Loops.Loop outer = loop.parent(); outer != null; outer = outer.parent()) {
      members.get(outer).add(preheader);
    }
    return preheader;
  }
}

package dev.fluxion.ir;

import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a pass that changes blocks in place of copying them: works on fresh blocks that share
 * values and operations with the old body, which is not touched.
 */
public final class Rewriter {
  private final Body source;
  private final Map<Block, Block> copies = new HashMap<>();
  private @Nullable List<Block> order; // null when edges may have changed

  /** Starts from a body. */
  public Rewriter(Body source) {
    this.source = source;
    for (Block block : source.blocks()) {
      copies.put(block, new Block());
    }
    for (Block block : source.blocks()) {
      Block copy = copies.get(block);
      copy.mutableParameters().addAll(block.parameters());
      copy.mutableOps().addAll(block.ops());
      for (Block.Handler handler : block.handlers()) {
        copy.mutableHandlers().add(new Block.Handler(handler.type(), moved(handler.target())));
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        successors.add(moved(successor));
      }
      copy.finish(block.terminator().with(block.terminator().operands(), successors));
    }
  }

  private Successor moved(Successor successor) {
    return new Successor(copies.get(successor.block()), successor.arguments());
  }

  /** The entry block. */
  public Block entry() {
    return copies.get(source.entry());
  }

  /** The blocks reachable now, in reverse postorder. */
  public List<Block> blocks() {
    List<Block> known = order;
    if (known == null) {
      known = Body.reversePostorder(entry());
      order = known;
    }
    return known;
  }

  /** A new block, without parameters, operations or end. */
  public Block newBlock() {
    return new Block();
  }

  /** The blocks of a body that nobody else uses, to become part of this one. */
  public List<Block> graft(Body other) {
    return other.blocks();
  }

  /** The operations of a block, to change. */
  public List<Op> ops(Block block) {
    return block.mutableOps();
  }

  /** The parameters of a block, to change. */
  public List<Value> parameters(Block block) {
    return block.mutableParameters();
  }

  /** The handlers of a block, to change. */
  public List<Block.Handler> handlers(Block block) {
    order = null;
    return block.mutableHandlers();
  }

  /** Ends a block, in place of how it ended before. */
  public void end(Block block, Terminator terminator) {
    order = null;
    block.finish(terminator);
  }

  /** Replaces values everywhere, following chains of replacements. */
  public void replace(Map<Value, Value> replacements) {
    if (replacements.isEmpty()) {
      return;
    }
    for (Block block : blocks()) {
      List<Op> ops = block.mutableOps();
      for (int i = 0; i < ops.size(); i++) {
        Op op = ops.get(i);
        List<Value> operands = replaced(op.operands(), replacements);
        if (operands != op.operands()) {
          ops.set(i, op.with(op.result(), operands));
        }
      }
      List<Block.Handler> handlers = block.mutableHandlers();
      for (int i = 0; i < handlers.size(); i++) {
        Successor target = handlers.get(i).target();
        handlers.set(
            i,
            new Block.Handler(
                handlers.get(i).type(),
                new Successor(target.block(), replaced(target.arguments(), replacements))));
      }
      Terminator end = block.terminator();
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : end.successors()) {
        successors.add(
            new Successor(successor.block(), replaced(successor.arguments(), replacements)));
      }
      block.finish(end.with(replaced(end.operands(), replacements), successors));
    }
  }

  private static List<Value> replaced(List<Value> values, Map<Value, Value> replacements) {
    List<Value> changed = null;
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      Value now = value;
      for (Value next = replacements.get(now); next != null; next = replacements.get(now)) {
        now = next;
      }
      if (now != value && changed == null) {
        changed = new ArrayList<>(values);
      }
      if (changed != null) {
        changed.set(i, now);
      }
    }
    return changed == null ? values : List.copyOf(changed);
  }

  /** The new body. */
  public Body build() {
    return build(source.type());
  }

  /** The new body of a method of another type, which the entry block's parameters must fit. */
  public Body build(MethodTypeDesc type) {
    return new Body.Builder(source.name(), type).build(entry());
  }
}

package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes pure operations and block parameters that nothing with an effect depends on. */
public final class DeadCode {
  private final Body body;
  private final Set<Value> live = new HashSet<>();
  private final Deque<Value> work = new ArrayDeque<>();

  private DeadCode(Body body) {
    this.body = body;
  }

  /** The body without dead code. */
  public static Body remove(Body body) {
    Body result = new DeadCode(body).run();
    assert Verifier.isValid(result);
    return result;
  }

  private Body run() {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (!op.isPure()) {
          mark(op.operands());
        }
      }
      mark(block.terminator().operands());
    }
    Map<Value, Op> definitions = body.definitions();
    Map<Value, List<Value>> incoming = body.incoming();
    while (!work.isEmpty()) {
      Value value = work.pop();
      Op op = definitions.get(value);
      if (op != null) {
        mark(op.operands());
      }
      mark(incoming.getOrDefault(value, List.of()));
    }
    return isAlive() ? body : sweep();
  }

  /** Whether nothing is dead. */
  private boolean isAlive() {
    Set<Block> handlers = handlers(body.blocks());
    for (Block block : body.blocks()) {
      if (block != body.entry()) {
        List<Value> parameters = block.parameters();
        for (int i = handlers.contains(block) ? 1 : 0; i < parameters.size(); i++) {
          if (!live.contains(parameters.get(i))) {
            return false;
          }
        }
      }
      for (Op op : block.ops()) {
        if (isDead(op)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isDead(Op op) {
    return op.isPure() && op.result() != null && !live.contains(op.result());
  }

  private static Set<Block> handlers(List<Block> blocks) {
    Set<Block> handlers = new HashSet<>();
    for (Block block : blocks) {
      for (Block.Handler handler : block.handlers()) {
        handlers.add(handler.target().block());
      }
    }
    return handlers;
  }

  private void mark(List<Value> values) {
    for (Value value : values) {
      if (live.add(value)) {
        work.push(value);
      }
    }
  }

  private Body sweep() {
    Rewriter rewriter = new Rewriter(body);
    Set<Block> handlers = handlers(rewriter.blocks());
    for (Block block : rewriter.blocks()) {
      rewriter.ops(block).removeIf(this::isDead);
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        successors.add(keepLive(successor, 0));
      }
      Terminator end = block.terminator();
      rewriter.end(block, end.with(end.operands(), successors));
      List<Block.Handler> kept = rewriter.handlers(block);
      for (int i = 0; i < kept.size(); i++) {
        kept.set(i, new Block.Handler(kept.get(i).type(), keepLive(kept.get(i).target(), 1)));
      }
    }
    for (Block block : rewriter.blocks()) {
      if (block != rewriter.entry()) {
        List<Value> parameters = rewriter.parameters(block);
        Value exception = handlers.contains(block) ? parameters.get(0) : null;
        parameters.removeIf(value -> value != exception && !live.contains(value));
      }
    }
    return rewriter.build();
  }

  private Successor keepLive(Successor successor, int skipped) {
    List<Value> parameters = successor.block().parameters();
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < successor.arguments().size(); i++) {
      if (live.contains(parameters.get(i + skipped))) {
        arguments.add(successor.arguments().get(i));
      }
    }
    return new Successor(successor.block(), arguments);
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits code in try blocks so that an exception leaves a block before anything in it has happened.
 *
 * <p>Then a block with handlers begins with the one operation that may throw, or only throws, and
 * each handler is reached from one block only. To reverse an exception, the sweep goes from the
 * handler to what came before the operation that threw.
 */
final class Protected {
  private final Rewriter rewriter;

  private Protected(Body body) {
    this.rewriter = new Rewriter(body);
  }

  static Body split(Body body) {
    if (body.blocks().stream().allMatch(block -> block.handlers().isEmpty())) {
      return body;
    }
    Protected pass = new Protected(body);
    for (Block block : pass.rewriter.blocks()) {
      if (!block.handlers().isEmpty()) {
        pass.split(block);
      }
    }
    return pass.rewriter.build();
  }

  private void split(Block block) {
    List<Block.Handler> handlers = List.copyOf(block.handlers());
    List<Op> ops = List.copyOf(block.ops());
    Terminator end = block.terminator();
    rewriter.handlers(block).clear();
    rewriter.ops(block).clear();
    Block at = block;
    for (Op op : ops) {
      if (!op.isPure()) {
        at = next(at, handlers, op);
      }
      rewriter.ops(at).add(op);
    }
    if (end instanceof Terminator.Throw) {
      Block last = rewriter.newBlock();
      rewriter.end(at, new Terminator.Branch(new Successor(last, List.of()), end.location()));
      protect(last, handlers);
      at = last;
    }
    rewriter.end(at, end);
  }

  private Block next(Block before, List<Block.Handler> handlers, Op op) {
    Block next = rewriter.newBlock();
    rewriter.end(before, new Terminator.Branch(new Successor(next, List.of()), op.location()));
    protect(next, handlers);
    return next;
  }

  /** handler h(args) → handler x(); x(exception): h(exception, args). */
  private void protect(Block block, List<Block.Handler> handlers) {
    for (Block.Handler handler : handlers) {
      Block target = handler.target().block();
      Block via = rewriter.newBlock();
      Value exception = new Value(target.parameters().get(0).type());
      rewriter.parameters(via).add(exception);
      List<Value> arguments = new ArrayList<>();
      arguments.add(exception);
      arguments.addAll(handler.target().arguments());
      rewriter.end(via, new Terminator.Branch(new Successor(target, arguments), location(target)));
      rewriter
          .handlers(block)
          .add(new Block.Handler(handler.type(), new Successor(via, List.of())));
    }
  }

  private static Location location(Block target) {
    return target.ops().isEmpty() ? target.terminator().location() : target.ops().get(0).location();
  }
}

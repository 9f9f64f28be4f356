package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Throwable;

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
import org.jspecify.annotations.Nullable;

/**
 * The body of a synchronized method with what the virtual machine does for it: it enters the
 * monitor of the receiver, or of the class, and leaves it however it ends. The code of a derivative
 * is no method of its own, and would be without.
 */
final class Synchronized {
  private Synchronized() {}

  /**
   * f(x) → enter; try f(x) finally exit.
   *
   * @param owner the class that declares the method, if that is static, else null
   */
  static Body body(Body body, @Nullable Class<?> owner) {
    Rewriter rewriter = new Rewriter(body);
    Block entry = rewriter.entry();
    List<Block> inside = new ArrayList<>(rewriter.blocks());
    Location at = location(entry);
    Value monitor = owner == null ? body.parameters().get(0) : new Value(CD_Class);

    Block begin = rewriter.newBlock();
    rewriter.ops(begin).addAll(rewriter.ops(entry));
    rewriter.handlers(begin).addAll(rewriter.handlers(entry));
    rewriter.end(begin, entry.terminator());
    rewriter.ops(entry).clear();
    rewriter.handlers(entry).clear();
    if (owner != null) {
      Object type = owner.describeConstable().orElseThrow();
      rewriter.ops(entry).add(new Op.Constant(monitor, type, at));
    }
    rewriter.ops(entry).add(new Op.Monitor(true, monitor, at));
    rewriter.end(entry, new Terminator.Branch(Successor.to(begin), at));
    inside.set(inside.indexOf(entry), begin);

    Block failing = rewriter.newBlock();
    Value exception = new Value(CD_Throwable);
    rewriter.parameters(failing).add(exception);
    rewriter.ops(failing).add(new Op.Monitor(false, monitor, at));
    rewriter.end(failing, new Terminator.Throw(exception, at));
    for (Block block : inside) {
      if (block.terminator() instanceof Terminator.Return end) {
        Block leaving = rewriter.newBlock();
        rewriter.ops(leaving).add(new Op.Monitor(false, monitor, end.location()));
        rewriter.end(leaving, end);
        rewriter.end(block, new Terminator.Branch(Successor.to(leaving), end.location()));
      }
      rewriter.handlers(block).add(new Block.Handler(null, Successor.to(failing)));
    }
    return rewriter.build();
  }

  private static Location location(Block entry) {
    return entry.ops().isEmpty() ? entry.terminator().location() : entry.ops().get(0).location();
  }
}

package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts bodies in the place of calls. */
public final class Inline {
  private final Rewriter rewriter;
  private final Function<Op, @Nullable Body> callee;
  private final Map<Value, Value> results = new HashMap<>();

  private Inline(Body caller, Function<Op, @Nullable Body> callee) {
    this.rewriter = new Rewriter(caller);
    this.callee = callee;
  }

  /**
   * The caller with every operation for which the function gives a body replaced by that body; its
   * parameters take the operation's operands. Operations in blocks with handlers stay.
   */
  public static Body apply(Body caller, Function<Op, @Nullable Body> callee) {
    Inline pass = new Inline(caller, callee);
    boolean changed = false;
    for (Block block : pass.rewriter.blocks()) {
      changed |= pass.visit(block);
    }
    if (!changed) {
      return caller;
    }
    pass.rewriter.replace(pass.results);
    Body result = pass.rewriter.build();
    assert Verifier.isValid(result);
    return result;
  }

  private boolean visit(Block start) {
    boolean changed = false;
    Block block = start;
    for (int i = 0; block.handlers().isEmpty() && i < block.ops().size(); i++) {
      Op op = block.ops().get(i);
      Body body = callee.apply(op);
      if (body != null) {
        block = splice(block, i, op, body);
        i = -1;
        changed = true;
      }
    }
    return changed;
  }

  /** a; call; b → a → body → b, where returns jump to b. Gives the block with b. */
  private Block splice(Block block, int index, Op call, Body callee) {
    Relocation relocation = new Relocation(call.location());
    Body body = relocation.copy(callee);
    Block rest = rewriter.newBlock();
    List<Op> ops = rewriter.ops(block);
    List<Op> tail = ops.subList(index, ops.size());
    rewriter.ops(rest).addAll(tail.subList(1, tail.size()));
    tail.clear();
    rewriter.end(rest, block.terminator());
    if (call.result() != null) {
      Value joined = call.result().copy();
      rewriter.parameters(rest).add(joined);
      results.put(call.result(), joined);
    }
    for (int i = 0; i < call.operands().size(); i++) {
      call.operands().get(i).named(body.parameters().get(i).name());
    }
    List<Block> blocks = rewriter.graft(body);
    for (Block inner : blocks) {
      if (inner.terminator() instanceof Terminator.Return returned) {
        List<Value> value = returned.value() == null ? List.of() : List.of(returned.value());
        rewriter.end(inner, new Terminator.Branch(new Successor(rest, value), returned.location()));
      } else {
        rewriter.end(inner, relocation.moved(inner.terminator()));
      }
    }
    rewriter.end(
        block,
        new Terminator.Branch(
            new Successor(body.entry(), new ArrayList<>(call.operands())), call.location()));
    return rest;
  }
}

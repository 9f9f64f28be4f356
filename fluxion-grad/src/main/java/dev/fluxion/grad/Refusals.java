package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_String;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that cannot be differentiated, where the code may well run without coming to them, as those
 * in a branch for special cases: the derivative says so only when it comes there.
 */
final class Refusals {
  private static final ClassDesc REFUSAL =
      GradientException.class.describeConstable().orElseThrow();
  private static final MethodRef REFUSED =
      MethodRef.ofStatic(
          Adjoints.class.describeConstable().orElseThrow(),
          "refused",
          MethodTypeDesc.of(REFUSAL, CD_String));

  private final Body body;
  private final Map<Op, GradientException> refused = new IdentityHashMap<>();
  private final Map<Block, Boolean> skippable = new HashMap<>();

  Refusals(Body body) {
    this.body = body;
  }

  boolean contains(Op op) {
    return refused.containsKey(op);
  }

  /** Keeps a problem for when the code comes to an operation; throws it where it always does. */
  void add(Block block, Op op, GradientException problem) {
    boolean isCall =
        op instanceof Op.Call
            || op instanceof Op.Apply
            || op instanceof Op.InvokeDynamic
            || op instanceof Op.New;
    // deep in nested derivatives there may be one that differentiates itself without end
    if (!isCall || !mayBeSkipped(block) || !Nesting.isShallow()) {
      throw problem;
    }
    refused.put(op, problem);
  }

  private boolean mayBeSkipped(Block block) {
    return skippable.computeIfAbsent(block, one -> mayBeSkipped(body, one));
  }

  /** Whether the code may come to its end without coming to a block. */
  static boolean mayBeSkipped(Body body, Block block) {
    Set<Block> seen = new HashSet<>(List.of(block, body.entry()));
    Deque<Block> work = new ArrayDeque<>(block == body.entry() ? List.of() : List.of(body.entry()));
    while (!work.isEmpty()) {
      Block at = work.poll();
      if (at.terminator() instanceof Terminator.Return) {
        return true;
      }
      for (Successor successor : at.successors()) {
        if (seen.add(successor.block())) {
          work.add(successor.block());
        }
      }
    }
    return false;
  }

  /** The body that throws the problems in the places of the operations. */
  Body thrown() {
    if (refused.isEmpty()) {
      return body;
    }
    Rewriter rewriter = new Rewriter(body);
    for (Block block : List.copyOf(rewriter.blocks())) {
      List<Op> ops = rewriter.ops(block);
      for (int i = 0; i < ops.size(); i++) {
        Op op = ops.get(i);
        GradientException problem = refused.get(op);
        if (problem == null) {
          continue;
        }
        ops.subList(i, ops.size()).clear();
        Value message = new Value(CD_String);
        Value exception = new Value(REFUSAL);
        ops.add(new Op.Constant(message, problem.getMessage(), op.location()));
        ops.add(new Op.Call(exception, REFUSED, List.of(message), op.location()));
        rewriter.end(block, new Terminator.Throw(exception, op.location()));
      }
    }
    return Simplify.simplify(rewriter.build());
  }
}

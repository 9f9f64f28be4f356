package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings a body into the form that reversal needs.
 *
 * <p>It returns in one place. An edge leaves a block with one successor or enters a block with one
 * predecessor. A loop is entered from one block ({@link SingleEntry}), and one block leads back. A
 * value of a loop is used outside only through a parameter of the block where the loop is left
 * (loop-closed form). Exceptions leave blocks as {@link Protected} says.
 */
final class Canonical {
  private Canonical() {}

  static Body of(Body body) {
    Body one = singleLatches(singleReturn(SingleEntry.of(Protected.split(body))));
    Body split = splitCriticalEdges(one);
    Body closed = split;
    Body before;
    do { // a variable read on may pass through parameters of later loops, which leave these too
      before = closed;
      Dominators dominators = Dominators.of(before);
      Loops loops = Loops.of(before, dominators);
      closed = closeLoops(before, dominators, loops);
    } while (closed != before);
    return closed;
  }

  private static Body singleReturn(Body body) {
    List<Block> returns = new ArrayList<>();
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      if (block.terminator() instanceof Terminator.Return) {
        returns.add(block);
      }
    }
    if (returns.size() == 1) {
      return body;
    }
    Block exit = rewriter.newBlock();
    Value result = null;
    for (Block block : returns) {
      Terminator.Return end = (Terminator.Return) block.terminator();
      List<Value> arguments = end.value() == null ? List.of() : List.of(end.value());
      if (end.value() != null && result == null) {
        result = new Value(body.type().returnType()).named("result");
        rewriter.parameters(exit).add(result);
      }
      rewriter.end(block, new Terminator.Branch(new Successor(exit, arguments), end.location()));
    }
    rewriter.end(exit, new Terminator.Return(result, Location.NONE));
    return rewriter.build();
  }

  /** Gives every loop a block that only jumps back, and one before it that only jumps in. */
  private static Body singleLatches(Body body) {
    Dominators dominators = Dominators.of(body);
    Loops loops = Loops.of(body, dominators);
    if (loops.all().isEmpty()) {
      return body;
    }
    Rewriter rewriter = new Rewriter(body);
    Map<Block, Block> copies = new HashMap<>();
    List<Block> now = rewriter.blocks();
    for (int i = 0; i < now.size(); i++) {
      copies.put(body.blocks().get(i), now.get(i));
    }
    for (Loop loop : loops.all()) {
      Block header = copies.get(loop.header());
      Set<Block> latches = new LinkedHashSet<>();
      Set<Block> entries = new LinkedHashSet<>();
      for (Block predecessor : dominators.predecessors(loop.header())) {
        (loop.blocks().contains(predecessor) ? latches : entries).add(copies.get(predecessor));
      }
      redirect(rewriter, latches, header);
      redirect(rewriter, entries, header);
    }
    return rewriter.build();
  }

  private static void redirect(Rewriter rewriter, Set<Block> from, Block header) {
    if (from.size() == 1 && onlyJumps(from.iterator().next(), header)) {
      return;
    }
    Block via = rewriter.newBlock();
    List<Successor> edges = edges(from, header);
    if (edges.size() == 1) {
      rewriter.end(via, new Terminator.Branch(edges.get(0), Location.NONE));
      redirect(rewriter, from, header, _ -> Successor.to(via));
      return;
    }
    List<Value> arguments = new ArrayList<>();
    for (Value parameter : header.parameters()) {
      Value own = parameter.copy();
      rewriter.parameters(via).add(own);
      arguments.add(own);
    }
    rewriter.end(via, new Terminator.Branch(new Successor(header, arguments), Location.NONE));
    redirect(rewriter, from, header, edge -> new Successor(via, edge.arguments()));
  }

  private static List<Successor> edges(Set<Block> from, Block to) {
    return from.stream()
        .flatMap(block -> block.successors().stream())
        .filter(edge -> edge.block() == to)
        .toList();
  }

  private static void redirect(
      Rewriter rewriter, Set<Block> from, Block to, UnaryOperator<Successor> redirected) {
    for (Block block : rewriter.blocks()) {
      if (!from.contains(block)) {
        continue;
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        successors.add(successor.block() == to ? redirected.apply(successor) : successor);
      }
      Terminator end = block.terminator();
      rewriter.end(block, end.with(end.operands(), successors));
    }
  }

  private static boolean onlyJumps(Block block, Block to) {
    return block.terminator() instanceof Terminator.Branch branch
        && branch.target().block() == to
        && block.handlers().isEmpty();
  }

  private static Body splitCriticalEdges(Body body) {
    Rewriter rewriter = new Rewriter(body);
    Map<Block, Integer> entries = new HashMap<>();
    List<Block> blocks = rewriter.blocks();
    for (Block block : blocks) {
      for (Successor successor : block.successors()) {
        entries.merge(successor.block(), 1, Integer::sum);
      }
    }
    for (Block block : blocks) {
      if (block.successors().size() < 2) {
        continue;
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        if (entries.get(successor.block()) == 1) {
          successors.add(successor);
          continue;
        }
        Block via = rewriter.newBlock();
        rewriter.end(via, new Terminator.Branch(successor, block.terminator().location()));
        successors.add(new Successor(via, List.of()));
      }
      Terminator end = block.terminator();
      rewriter.end(block, end.with(end.operands(), successors));
    }
    return rewriter.build();
  }

  /** Values that leave a loop become variables, read through parameters of the exit blocks. */
  private static Body closeLoops(Body body, Dominators dominators, Loops loops) {
    Map<Value, Block> homes = body.homes();
    Map<Value, Variable> leaving = new LinkedHashMap<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        findLeaving(op.operands(), block, homes, loops, leaving);
      }
      findLeaving(block.terminator().operands(), block, homes, loops, leaving);
      for (Successor successor : block.successors()) {
        findLeaving(successor.arguments(), block, homes, loops, leaving);
      }
    }
    if (leaving.isEmpty()) {
      return body;
    }
    Body.Builder builder = new Body.Builder(body.name(), body.type(), body.parameters());
    SsaBuilder ssa = new SsaBuilder(builder);
    Map<Block, BlockBuilder> copies = ssa.mirror(body, dominators);
    for (Block block : body.blocks()) {
      BlockBuilder copy = copies.get(block);
      for (Value parameter : block.parameters()) {
        define(parameter, leaving, ssa, copy);
      }
      closeAt(block, copy, dominators, loops, homes, leaving, ssa);
      for (Op op : block.ops()) {
        copy.add(
            op.with(op.result(), read(op.operands(), block, homes, loops, leaving, ssa, copy)));
        if (op.result() != null) {
          define(op.result(), leaving, ssa, copy);
        }
      }
      Terminator end = block.terminator();
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : end.successors()) {
        successors.add(
            new Successor(
                copies.get(successor.block()).block(),
                read(successor.arguments(), block, homes, loops, leaving, ssa, copy)));
      }
      for (Block.Handler handler : block.handlers()) {
        Block target = copies.get(handler.target().block()).block();
        List<Value> arguments =
            read(handler.target().arguments(), block, homes, loops, leaving, ssa, copy);
        copy.handler(new Block.Handler(handler.type(), new Successor(target, arguments)));
      }
      copy.end(end.with(read(end.operands(), block, homes, loops, leaving, ssa, copy), successors));
    }
    return ssa.build();
  }

  private static void findLeaving(
      List<Value> values,
      Block user,
      Map<Value, Block> homes,
      Loops loops,
      Map<Value, Variable> leaving) {
    for (Value value : values) {
      if (leaves(value, user, homes, loops)) {
        leaving.computeIfAbsent(value, left -> new Variable(left.type(), left.name()));
      }
    }
  }

  private static boolean leaves(Value value, Block user, Map<Value, Block> homes, Loops loops) {
    Loop home = loops.innermost(homes.get(value));
    return home != null && !home.blocks().contains(user);
  }

  private static void define(
      Value value, Map<Value, Variable> leaving, SsaBuilder ssa, BlockBuilder block) {
    Variable variable = leaving.get(value);
    if (variable != null) {
      ssa.write(variable, block, value);
    }
  }

  /** Where a loop is left, each of its values that is used outside gets a parameter. */
  private static void closeAt(
      Block block,
      BlockBuilder copy,
      Dominators dominators,
      Loops loops,
      Map<Value, Block> homes,
      Map<Value, Variable> leaving,
      SsaBuilder ssa) {
    Loop left = leftAt(block, dominators, loops);
    if (left == null) {
      return;
    }
    for (Map.Entry<Value, Variable> entry : leaving.entrySet()) {
      Block home = homes.get(entry.getKey());
      Loop inner = loops.innermost(home);
      boolean isLeft =
          inner != null
              && inner.isWithin(outermostLeft(left, block))
              && !inner.blocks().contains(block);
      if (isLeft && dominators.dominates(home, block)) {
        ssa.pinnedParameter(entry.getValue(), copy);
      }
    }
  }

  /** The innermost loop that the edge into a block leaves, or null. */
  private static @Nullable Loop leftAt(Block block, Dominators dominators, Loops loops) {
    if (dominators.predecessors(block).size() != 1) {
      return null;
    }
    Loop before = loops.innermost(dominators.predecessors(block).get(0));
    return before != null && !before.blocks().contains(block) ? before : null;
  }

  private static Loop outermostLeft(Loop innermost, Block block) {
    Loop at = innermost;
    while (at.parent() != null && !at.parent().blocks().contains(block)) {
      at = at.parent();
    }
    return at;
  }

  private static List<Value> read(
      List<Value> values,
      Block user,
      Map<Value, Block> homes,
      Loops loops,
      Map<Value, Variable> leaving,
      SsaBuilder ssa,
      BlockBuilder copy) {
    List<Value> result = new ArrayList<>(values.size());
    for (Value value : values) {
      Variable variable = leaving.get(value);
      result.add(
          variable != null && leaves(value, user, homes, loops) ? ssa.read(variable, copy) : value);
    }
    return result;
  }
}

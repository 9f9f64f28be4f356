package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Components;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives a loop that is entered in several places one entry: a block from which it goes on to the
 * place meant. Such loops come from the reversal of loops that are left in several places.
 */
final class SingleEntry {
  private SingleEntry() {}

  static Body of(Body body) {
    Body now = body;
    while (true) {
      Dominators dominators = Dominators.of(now);
      if (Loops.of(now, dominators).isReducible()) {
        return now;
      }
      now = repaired(gathered(now, entries(now.blocks(), dominators)));
    }
  }

  /** The places where a loop among some blocks is entered, of the first that has several. */
  private static List<Block> entries(Collection<Block> blocks, Dominators dominators) {
    for (Set<Block> cycle : Components.cycles(blocks, SingleEntry::after)) {
      List<Block> entries = new ArrayList<>();
      for (Block one : cycle) {
        if (!cycle.containsAll(dominators.predecessors(one))) {
          entries.add(one);
        }
      }
      if (entries.size() < 2) { // then one of the loops in it may have several
        entries.forEach(cycle::remove);
        entries = entries(cycle, dominators);
      }
      if (!entries.isEmpty()) {
        return entries;
      }
    }
    return List.of();
  }

  private static List<Block> after(Block block) {
    List<Block> after = new ArrayList<>();
    block.successors().forEach(successor -> after.add(successor.block()));
    block.handlers().forEach(handler -> after.add(handler.target().block()));
    return after;
  }

  /** p: → e1(x), q: → e2(y) becomes p: → via(0, x, 0), q: → via(1, 0, y), via(i, x, y): switch. */
  private static Body gathered(Body body, List<Block> entries) {
    Rewriter rewriter = new Rewriter(body);
    List<Block> copies = rewriter.blocks();
    Block via = rewriter.newBlock();
    Value which = new Value(CD_int).named("entry");
    rewriter.parameters(via).add(which);
    List<Block> targets = new ArrayList<>();
    List<Successor> onwards = new ArrayList<>();
    for (Block entry : entries) {
      Block target = copies.get(body.blocks().indexOf(entry));
      List<Value> arguments = new ArrayList<>();
      for (Value parameter : target.parameters()) {
        arguments.add(parameter.copy());
      }
      rewriter.parameters(via).addAll(arguments);
      targets.add(target);
      onwards.add(new Successor(target, arguments));
    }
    for (Block block : copies) {
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        int index = targets.indexOf(successor.block());
        successors.add(
            index < 0
                ? successor
                : new Successor(via, arguments(rewriter.ops(block), successor, index, targets)));
      }
      Terminator end = block.terminator();
      rewriter.end(block, end.with(end.operands(), successors));
    }
    List<Integer> labels = new ArrayList<>();
    for (int i = 1; i < targets.size(); i++) {
      labels.add(i);
    }
    List<Successor> labelled = onwards.subList(1, onwards.size());
    rewriter.end(
        via, new Terminator.Switch(which, labels, labelled, onwards.get(0), Location.NONE));
    return rewriter.build();
  }

  private static List<Value> arguments(
      List<Op> ops, Successor successor, int index, List<Block> targets) {
    List<Value> arguments = new ArrayList<>();
    Value which = new Value(CD_int);
    ops.add(new Op.Constant(which, index, Location.NONE));
    arguments.add(which);
    for (int i = 0; i < targets.size(); i++) {
      if (i == index) {
        arguments.addAll(successor.arguments());
        continue;
      }
      for (Value parameter : targets.get(i).parameters()) {
        Value zero = new Value(parameter.type());
        ops.add(new Op.Constant(zero, SsaBuilder.zero(parameter.type()), Location.NONE));
        arguments.add(zero);
      }
    }
    return arguments;
  }

  /** Values that no longer dominate all their uses become variables. */
  private static Body repaired(Body body) {
    Dominators dominators = Dominators.of(body);
    Map<Value, Block> homes = body.homes();
    Map<Value, Variable> variables = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Value value : block.reads()) {
        if (!dominators.dominates(homes.get(value), block)) {
          variables.put(value, new Variable(value.type(), value.name()));
        }
      }
    }
    SsaBuilder ssa = new SsaBuilder(new Body.Builder(body.name(), body.type(), body.parameters()));
    Map<Block, BlockBuilder> copies = ssa.mirror(body, dominators);
    for (Block block : body.blocks()) {
      BlockBuilder copy = copies.get(block);
      block.parameters().forEach(value -> define(value, variables, ssa, copy));
      for (Op op : block.ops()) {
        copy.add(op.with(op.result(), read(op.operands(), variables, ssa, copy)));
        define(op.result(), variables, ssa, copy);
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        List<Value> arguments = read(successor.arguments(), variables, ssa, copy);
        successors.add(new Successor(copies.get(successor.block()).block(), arguments));
      }
      for (Block.Handler handler : block.handlers()) { // which gets the exception alone
        copy.handler(
            new Block.Handler(
                handler.type(), Successor.to(copies.get(handler.target().block()).block())));
      }
      Terminator end = block.terminator();
      copy.end(end.with(read(end.operands(), variables, ssa, copy), successors));
    }
    return ssa.build();
  }

  private static void define(
      @Nullable Value value, Map<Value, Variable> variables, SsaBuilder ssa, BlockBuilder block) {
    Variable variable = value == null ? null : variables.get(value);
    if (value != null && variable != null) {
      ssa.write(variable, block, value);
    }
  }

  private static List<Value> read(
      List<Value> values, Map<Value, Variable> variables, SsaBuilder ssa, BlockBuilder block) {
    List<Value> result = new ArrayList<>(values.size());
    for (Value value : values) {
      Variable variable = variables.get(value);
      result.add(variable == null ? value : ssa.read(variable, block));
    }
    return result;
  }
}

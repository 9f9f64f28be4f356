package dev.fluxion.ir.structure;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Components;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.verify.Verifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bodies in which each cycle is entered at one block only: a cycle with several entries gets one of
 * them as its header, and the others lead to a copy of what is executed until the header is
 * reached.
 *
 * <p>{@code javac} makes no others, but Kotlin's coroutines jump into their loops. Splitting nodes
 * may take exponential space in theory (Carter, Ferrante and Thomborson, "Folklore Confirmed:
 * Reducible Flow Graphs are Exponentially Larger", POPL 2003), so it has a bound.
 */
public final class Reducible {
  private static final int GROWTH = 8;
  private static final int ALWAYS_ALLOWED = 200;

  private final Body body;
  private final int limit;
  private final List<Node> nodes = new ArrayList<>();

  /** A block, or a copy of one, and the nodes that its edges lead to, handlers last. */
  private static final class Node {
    final Block block;
    final List<Node> targets = new ArrayList<>();

    Node(Block block) {
      this.block = block;
    }
  }

  private Reducible(Body body, int limit) {
    this.body = body;
    this.limit = limit;
    Map<Block, Node> known = new HashMap<>();
    for (Block block : body.blocks()) {
      Node node = new Node(block);
      nodes.add(node);
      known.put(block, node);
    }
    for (Node node : nodes) {
      node.block.successors().forEach(edge -> node.targets.add(known.get(edge.block())));
      node.block.handlers().forEach(one -> node.targets.add(known.get(one.target().block())));
    }
  }

  /**
   * The body itself if it is reducible, else one that does the same and is.
   *
   * @throws IrreducibleException if that would be more than eight times as long
   */
  public static Body of(Body body) {
    return of(body, Math.max(ALWAYS_ALLOWED, GROWTH * body.blocks().size()));
  }

  /**
   * The body itself if it is reducible, else one that does the same and is.
   *
   * @param limit how many blocks it may have
   * @throws IrreducibleException if it would have more
   */
  public static Body of(Body body, int limit) {
    if (Loops.withHandlers(body, Dominators.of(body)).isReducible()) {
      return body;
    }
    Reducible pass = new Reducible(body, limit);
    pass.split(new LinkedHashSet<>(pass.nodes));
    Body result = pass.build();
    assert Verifier.isValid(result);
    return result;
  }

  /** Splits the cycles of a part of the graph, which is entered from outside of it. */
  private void split(Set<Node> part) {
    Deque<Set<Node>> work = new ArrayDeque<>();
    work.push(part);
    while (!work.isEmpty()) {
      for (Set<Node> cycle : Components.cycles(work.pop(), node -> node.targets)) {
        Node header = header(cycle, work);
        Set<Node> inside = new LinkedHashSet<>(cycle);
        inside.remove(header);
        work.push(inside);
      }
    }
  }

  /** The only entry of a cycle, when the other entries have been led to copies. */
  private Node header(Set<Node> cycle, Deque<Set<Node>> work) {
    Set<Node> entries = new LinkedHashSet<>();
    for (Node node : nodes) {
      if (!cycle.contains(node)) {
        node.targets.stream().filter(cycle::contains).forEach(entries::add);
      }
    }
    Node best = null;
    Set<Node> least = Set.of();
    for (Node candidate : entries) {
      Set<Node> copied = reachedWithout(candidate, entries, cycle);
      if (best == null || copied.size() < least.size()) {
        best = candidate;
        least = copied;
      }
    }
    if (best == null) {
      throw new IllegalStateException("a cycle cannot be reached");
    }
    if (entries.size() > 1) {
      work.push(copy(least, cycle));
    }
    return best;
  }

  private static Set<Node> reachedWithout(Node header, Set<Node> entries, Set<Node> cycle) {
    Set<Node> reached = new LinkedHashSet<>(entries);
    reached.remove(header);
    Deque<Node> work = new ArrayDeque<>(reached);
    while (!work.isEmpty()) {
      for (Node next : work.pop().targets) {
        if (next != header && cycle.contains(next) && reached.add(next)) {
          work.push(next);
        }
      }
    }
    return reached;
  }

  /** Copies nodes of a cycle, for those who enter it from outside. */
  private Set<Node> copy(Set<Node> copied, Set<Node> cycle) {
    if (nodes.size() + copied.size() > limit) {
      Node entry = copied.iterator().next();
      throw new IrreducibleException(
          location(entry.block),
          "a cycle is entered in several places, and copying it until none is would make more than "
              + limit
              + " blocks of the method's "
              + body.blocks().size());
    }
    Map<Node, Node> copies = new HashMap<>();
    copied.forEach(node -> copies.put(node, new Node(node.block)));
    for (Node node : nodes) {
      if (!cycle.contains(node)) {
        node.targets.replaceAll(target -> copies.getOrDefault(target, target));
      }
    }
    Set<Node> made = new LinkedHashSet<>();
    for (Node node : copied) {
      Node copy = copies.get(node);
      node.targets.forEach(target -> copy.targets.add(copies.getOrDefault(target, target)));
      made.add(copy);
    }
    nodes.addAll(made);
    return made;
  }

  private Location location(Block block) {
    for (Op op : block.ops()) {
      if (op.location().line() > 0) {
        return op.location();
      }
    }
    Location end = block.terminator().location();
    return end.method().isEmpty() ? new Location("", body.name(), 0) : end;
  }

  /** The body of the nodes; a value that copies of a block define is a variable meanwhile. */
  private Body build() {
    SsaBuilder ssa =
        new SsaBuilder(new Body.Builder(body.name(), body.type(), copies(body.parameters())));
    Map<Node, BlockBuilder> blocks = new HashMap<>();
    Map<Value, Variable> variables = new HashMap<>();
    for (Node node : nodes) {
      BlockBuilder block = node.block == body.entry() ? ssa.entry() : ssa.block();
      blocks.put(node, block);
      if (block != ssa.entry()) {
        copies(node.block.parameters()).forEach(block::adopt);
      }
      List<Value> parameters = block.block().parameters();
      for (int i = 0; i < parameters.size(); i++) {
        Value old = node.block.parameters().get(i);
        variables.put(old, variable(old, variables));
        ssa.assume(variable(old, variables), block, parameters.get(i));
      }
    }
    for (Node node : nodes) {
      fill(node, ssa, blocks, variables);
    }
    return ssa.build();
  }

  private static List<Value> copies(List<Value> values) {
    return values.stream().map(Value::copy).toList();
  }

  private static Variable variable(Value value, Map<Value, Variable> variables) {
    return variables.computeIfAbsent(value, _ -> new Variable(value.type(), value.name()));
  }

  private static void fill(
      Node node, SsaBuilder ssa, Map<Node, BlockBuilder> blocks, Map<Value, Variable> variables) {
    BlockBuilder block = blocks.get(node);
    List<Successor> handlers = new ArrayList<>();
    int edges = node.block.successors().size();
    for (int i = 0; i < node.block.handlers().size(); i++) {
      Block.Handler handler = node.block.handlers().get(i);
      List<Value> arguments = read(handler.target().arguments(), block, ssa, variables);
      handlers.add(new Successor(blocks.get(node.targets.get(edges + i)).block(), arguments));
      block.handler(new Block.Handler(handler.type(), handlers.get(i)));
    }
    for (Op op : node.block.ops()) {
      Value result = op.result() == null ? null : op.result().copy();
      block.add(op.with(result, read(op.operands(), block, ssa, variables)));
      if (op.result() != null && result != null) {
        ssa.write(variable(op.result(), variables), block, result);
      }
    }
    Terminator end = node.block.terminator();
    List<Successor> successors = new ArrayList<>();
    for (int i = 0; i < edges; i++) {
      List<Value> arguments = read(end.successors().get(i).arguments(), block, ssa, variables);
      successors.add(new Successor(blocks.get(node.targets.get(i)).block(), arguments));
    }
    block.end(end.with(read(end.operands(), block, ssa, variables), successors));
  }

  private static List<Value> read(
      List<Value> values, BlockBuilder block, SsaBuilder ssa, Map<Value, Variable> variables) {
    return values.stream().map(value -> ssa.read(variable(value, variables), block)).toList();
  }
}

package dev.fluxion.ir.structure;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.structure.Placement.Protection;
import dev.fluxion.ir.structure.Structured.Label;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recovers loops, conditionals and regions of exception handling from the blocks of a body.
 *
 * <p>After Ramsey, "Beyond Relooper: Recursive Translation of Unstructured Control Flow to
 * Structured Control Flow" (ICFP 2022): a walk over the dominator tree. What follows a block by one
 * edge is written in its place. What is reached by several edges stands behind a labelled
 * statement, which these edges break out of. A block that an edge leads back to heads a loop. Two
 * things are added: what can be reached from a loop without leading back to it stands behind the
 * loop; and a part of the tree in which all that throws is handled by the same handler is a {@link
 * Structured.Try}.
 *
 * <p>
 *
 * {@snippet :
 * StructuredBody code = Structuring.of(Lifter.lift(method));
 * System.out.println(StructuredText.of(code));
 * }
 */
public final class Structuring {
  private final Placement placement;
  private final Map<Block, Label> breaks = new HashMap<>();
  private final Map<Block, Label> loops = new HashMap<>();
  private final Map<Block, List<Clause>> clauses = new HashMap<>();

  /** The statements around a place that catch exceptions, the innermost first. */
  private record Context(List<@Nullable Value> carriers, int depth, @Nullable Context outer) {
    static int depthOf(@Nullable Context context) {
      return context == null ? 0 : context.depth;
    }
  }

  /** A catch clause that leads to a handler, and what is around its statement. */
  private record Clause(List<Structured> code, @Nullable Context around) {}

  private Structuring(Body body) {
    this.placement = new Placement(body);
  }

  /**
   * The structured form of a body. A body that is not reducible is made so first ({@link
   * Reducible}).
   *
   * @throws IrreducibleException if that would make it much longer
   */
  public static StructuredBody of(Body body) {
    Body reducible = Reducible.of(withoutIdleHandlers(body));
    Structuring structuring = new Structuring(reducible);
    List<Structured> code = new ArrayList<>();
    Block entry = reducible.entry();
    structuring.write(entry, structuring.placement.levels(entry), null, code);
    return new StructuredBody(reducible, Tidy.apply(code));
  }

  /** Takes handlers away from blocks that do not throw. */
  private static Body withoutIdleHandlers(Body body) {
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      if (!Placement.isThrowing(block)) {
        rewriter.handlers(block).clear();
      }
    }
    return rewriter.build();
  }

  private Label label(Map<Block, Label> labels, Block block) {
    return labels.computeIfAbsent(block, _ -> new Label(breaks.size() + loops.size() + 1));
  }

  /**
   * Writes a block and what is placed with it, up to a level: 0 is the block alone with what
   * follows it directly, each further level a loop around that, or one more block behind it.
   * Control does not reach the end of what is written.
   */
  private void write(Block start, int from, @Nullable Context context, List<Structured> out) {
    Block block = start;
    int level = from;
    while (true) {
      List<Block.Handler> handlers = placement.commonHandlers(block, level);
      if (handlers != null
          && handlers.size() > Context.depthOf(context)
          && !placement.isThrownInside(block, level)) {
        Block root = block;
        int height = level;
        protect(
            placement.protections(block, level),
            handlers,
            context,
            (inside, body) -> write(root, height, inside, body),
            out);
        return;
      }
      if (level == 0) {
        writeOperations(block, context, out);
        Block next = writeEnd(block, context, out);
        if (next == null) {
          return;
        }
        block = next;
        level = placement.levels(next);
        continue;
      }
      List<Structured> inner = new ArrayList<>();
      write(block, level - 1, context, inner);
      Block follower = placement.follower(block, level);
      if (follower == null) {
        out.add(new Structured.Loop(label(loops, block), inner));
        return;
      }
      List<Clause> leading = clauses.getOrDefault(follower, List.of());
      if (!placement.isHandler(follower)) {
        out.add(new Structured.Labelled(label(breaks, follower), inner));
      } else if (leading.size() == 1 && leading.getFirst().around() == context) {
        out.addAll(inner);
        write(follower, placement.levels(follower), context, leading.getFirst().code());
        return;
      } else {
        leading.forEach(clause -> clause.code().add(new Structured.Break(label(breaks, follower))));
        out.add(new Structured.Labelled(label(breaks, follower), inner));
      }
      block = follower;
      level = placement.levels(follower);
    }
  }

  /** What writes the statements of a context. */
  @FunctionalInterface
  private interface Part {
    void write(@Nullable Context context, List<Structured> out);
  }

  /** Writes a statement that has those handlers that the context does not have yet. */
  private void protect(
      List<Protection> covered,
      List<Block.Handler> handlers,
      @Nullable Context context,
      Part part,
      List<Structured> out) {
    Context inside = context;
    List<Structured.Catch> catches = new ArrayList<>();
    for (int depth = Context.depthOf(context) + 1; depth <= handlers.size(); depth++) {
      Block.Handler handler = handlers.get(handlers.size() - depth);
      if (inside != null
          && inside != context
          && isLikeOuter(covered, depth)) { // several types of one clause
        Structured.Catch outer = catches.removeFirst();
        List<ClassDesc> types = new ArrayList<>(outer.types());
        if (handler.type() == null) {
          types.clear(); // all
        } else if (!types.isEmpty()) {
          types.addFirst(handler.type());
        }
        catches.addFirst(new Structured.Catch(types, outer.exception(), outer.body()));
        inside = new Context(inside.carriers(), depth, inside);
        continue;
      }
      Block target = handler.target().block();
      List<Value> targets = target.parameters().subList(1, target.parameters().size());
      List<@Nullable Value> carriers = new ArrayList<>();
      List<Value> sources = new ArrayList<>();
      for (int i = 0; i < targets.size(); i++) {
        Value agreed = agreed(covered, depth, i);
        Value carrier = agreed == null ? targets.get(i).copy() : null;
        carriers.add(carrier);
        sources.add(carrier == null ? agreed : carrier);
      }
      List<Structured> code = new ArrayList<>();
      assign(targets, sources, code);
      List<ClassDesc> types = handler.type() == null ? List.of() : List.of(handler.type());
      catches.addFirst(new Structured.Catch(types, target.parameters().get(0), code));
      inside = new Context(carriers, depth, inside);
      if (placement.isBackEdge(covered.getFirst().block(), target)) {
        code.add(new Structured.Continue(label(loops, target)));
      } else {
        clauses.computeIfAbsent(target, _ -> new ArrayList<>()).add(new Clause(code, context));
      }
    }
    List<Structured> body = new ArrayList<>();
    part.write(inside, body);
    out.add(new Structured.Try(body, catches));
  }

  /** Whether all blocks pass the same to a handler as to the one that is tried next. */
  private static boolean isLikeOuter(List<Protection> covered, int depth) {
    return covered.stream()
        .allMatch(one -> one.at(depth).target().equals(one.at(depth - 1).target()));
  }

  /** What all blocks that throw pass to a handler in one place, or null if they differ. */
  private static @Nullable Value agreed(List<Protection> covered, int depth, int position) {
    Value agreed = null;
    for (Protection protection : covered) {
      Value passed = protection.at(depth).target().arguments().get(position);
      if (agreed != null && agreed != passed) {
        return null;
      }
      agreed = passed;
    }
    return agreed;
  }

  private void writeOperations(Block block, @Nullable Context context, List<Structured> out) {
    if (Placement.isThrowing(block)) {
      if (block.handlers().size() > Context.depthOf(context)) {
        protect(
            List.of(new Protection(block)),
            block.handlers(),
            context,
            (inside, body) -> writeOperations(block, inside, body),
            out);
        return;
      }
      List<Value> carriers = new ArrayList<>();
      List<Value> passed = new ArrayList<>();
      Protection protection = new Protection(block);
      for (Context at = context; at != null; at = at.outer()) {
        List<Value> arguments = protection.at(at.depth()).target().arguments();
        for (int i = 0; i < arguments.size(); i++) {
          Value carrier = at.carriers().get(i);
          if (carrier != null) {
            carriers.add(carrier);
            passed.add(arguments.get(i));
          }
        }
      }
      assign(carriers, passed, out);
    }
    if (!block.ops().isEmpty()) {
      out.add(new Structured.Operations(block.ops()));
    }
  }

  private static void assign(List<Value> targets, List<Value> sources, List<Structured> out) {
    Map<Value, Value> changes = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i) != sources.get(i)) {
        changes.put(targets.get(i), sources.get(i));
      }
    }
    if (!changes.isEmpty()) {
      out.add(
          new Structured.Assignment(List.copyOf(changes.keySet()), List.copyOf(changes.values())));
    }
  }

  /** Writes how a block ends; gives the block that is to be written next, or null. */
  private @Nullable Block writeEnd(Block block, @Nullable Context context, List<Structured> out) {
    return switch (block.terminator()) {
      case Terminator.Branch branch -> follow(block, branch.target(), out);
      case Terminator.ConditionalBranch branch when branch.ifTrue().equals(branch.ifFalse()) ->
          follow(block, branch.ifTrue(), out);
      case Terminator.ConditionalBranch branch -> {
        boolean first = weight(block, branch.ifTrue()) <= weight(block, branch.ifFalse());
        List<Structured> nested =
            written(block, first ? branch.ifTrue() : branch.ifFalse(), context);
        out.add(
            new Structured.If(
                branch.condition(),
                first ? nested : List.of(),
                first ? List.of() : nested,
                branch.location()));
        yield follow(block, first ? branch.ifFalse() : branch.ifTrue(), out);
      }
      case Terminator.Switch choice -> {
        Map<Successor, List<Integer>> labels = new LinkedHashMap<>();
        for (int i = 0; i < choice.labels().size(); i++) {
          Successor target = choice.targets().get(i);
          if (!target.equals(choice.otherwise())) {
            labels.computeIfAbsent(target, _ -> new ArrayList<>()).add(choice.labels().get(i));
          }
        }
        List<Structured.Case> cases = new ArrayList<>();
        labels.forEach(
            (target, values) ->
                cases.add(new Structured.Case(values, written(block, target, context))));
        List<Structured> otherwise = written(block, choice.otherwise(), context);
        out.add(new Structured.Switch(choice.key(), cases, otherwise, choice.location()));
        yield null;
      }
      case Terminator.Return returned -> {
        out.add(new Structured.Return(returned.value(), returned.location()));
        yield null;
      }
      case Terminator.Throw thrown -> {
        out.add(new Structured.Throw(thrown.exception(), thrown.location()));
        yield null;
      }
    };
  }

  private int weight(Block block, Successor edge) {
    return placement.isInline(block, edge.block()) ? placement.weight(edge.block()) : 0;
  }

  private List<Structured> written(Block block, Successor edge, @Nullable Context context) {
    List<Structured> code = new ArrayList<>();
    Block next = follow(block, edge, code);
    if (next != null) {
      write(next, placement.levels(next), context, code);
    }
    return code;
  }

  /** Passes an edge's arguments and jumps; gives the target instead if it is to be written here. */
  private @Nullable Block follow(Block block, Successor edge, List<Structured> out) {
    Block target = edge.block();
    assign(target.parameters(), edge.arguments(), out);
    if (placement.isBackEdge(block, target)) {
      out.add(new Structured.Continue(label(loops, target)));
    } else if (placement.isInline(block, target)) {
      return target;
    } else {
      out.add(new Structured.Break(label(breaks, target)));
    }
    return null;
  }
}

package dev.fluxion.ir.verify;

import dev.fluxion.ir.Availability;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Traversal;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.text.Printer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a body makes sense.
 *
 * <ul>
 *   <li>Blocks are those that can be reached, in reverse postorder; each has an end; no edge leads
 *       to the entry, whose parameters are the method's.
 *   <li>Each value is defined once, and where it is used its definition has been executed, whatever
 *       path led there. What a handler is passed is defined before the block that it handles
 *       starts.
 *   <li>Each operation has operands and a result of the kinds that it works on; references are
 *       checked as far as that is possible without loading classes.
 *   <li>An edge passes a value for each parameter of its target. A block that handles exceptions
 *       has the exception as its first parameter, and is entered by exceptions only.
 *   <li>What is returned is of the kind of the body's result.
 * </ul>
 */
public final class Verifier {
  private final Body body;
  private final Set<Value> defined = new HashSet<>();
  private final Set<Block> handlers = new HashSet<>();

  private Verifier(Body body) {
    this.body = body;
  }

  /**
   * The body itself, if it is valid.
   *
   * @throws InvalidBodyException if it is not
   */
  public static Body verify(Body body) {
    new Verifier(body).run();
    return body;
  }

  /**
   * True: what an assertion asks, so that bodies are verified where assertions are enabled: {@code
   * assert Verifier.isValid(body);}.
   *
   * @throws InvalidBodyException if the body is not valid
   */
  public static boolean isValid(Body body) {
    verify(body);
    return true;
  }

  /** Names parts of the body in messages. */
  private Printer printer() {
    return Printer.of(body);
  }

  private InvalidBodyException error(@Nullable Block block, @Nullable Object part, String rule) {
    String message = "the body " + body.name() + " is not valid: ";
    if (block != null) {
      message += "in block " + printer().block(block) + ", ";
    }
    if (part != null) {
      message += "`" + text(part) + "`: ";
    }
    return new InvalidBodyException(message + rule + "\n" + printer().text());
  }

  private String text(Object part) {
    return switch (part) {
      case Op op -> printer().op(op);
      case Terminator end -> printer().terminator(end);
      case Block.Handler handler -> printer().handler(handler);
      default -> part.toString();
    };
  }

  private void run() {
    for (Block block : body.blocks()) {
      findEnd(block);
    }
    checkOrder();
    checkEntry();
    for (Block block : body.blocks()) {
      for (Block.Handler handler : block.handlers()) {
        handlers.add(handler.target().block());
      }
      checkDefinitions(block);
    }
    for (Block block : body.blocks()) {
      checkHandlers(block);
      for (Op op : block.ops()) {
        String problem = OpRules.problem(op);
        if (problem != null) {
          throw error(block, op, problem);
        }
      }
      checkEnd(block);
    }
    Availability availability = Availability.of(body);
    for (Block block : body.blocks()) {
      checkUses(block, availability);
    }
  }

  private void findEnd(Block block) {
    try {
      block.terminator();
    } catch (IllegalStateException e) {
      throw error(block, null, "the block has no end");
    }
  }

  private static List<Block> following(Block block) {
    List<Block> next = new ArrayList<>();
    block.successors().forEach(successor -> next.add(successor.block()));
    block.handlers().forEach(handler -> next.add(handler.target().block()));
    return next;
  }

  private void checkOrder() {
    Set<Block> known = new HashSet<>(body.blocks());
    for (Block block : body.blocks()) {
      if (!known.containsAll(following(block))) {
        throw error(block, null, "an edge leads to a block that is not one of the body's");
      }
    }
    if (!Traversal.reversePostorder(body.entry(), Verifier::following).equals(body.blocks())) {
      throw error(null, null, "its blocks are not those that can be reached, in reverse postorder");
    }
  }

  private void checkEntry() {
    for (Block block : body.blocks()) {
      if (following(block).contains(body.entry())) {
        throw error(block, null, "an edge leads to the entry");
      }
    }
    List<Value> parameters = body.parameters();
    if (parameters.size() != body.type().parameterCount()) {
      throw error(body.entry(), null, "its parameters are not those of " + body.type());
    }
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).kind() != Kind.of(body.type().parameterType(i))) {
        throw error(body.entry(), null, "its parameters are not those of " + body.type());
      }
    }
  }

  private void checkDefinitions(Block block) {
    for (Value parameter : block.parameters()) {
      define(block, null, parameter);
    }
    for (Op op : block.ops()) {
      if (op.result() != null) {
        define(block, op, op.result());
      }
    }
  }

  private void define(Block block, @Nullable Object part, Value value) {
    if (value.kind() == Kind.VOID) {
      throw error(block, part, "the value " + printer().value(value) + " is void");
    }
    if (!defined.add(value)) {
      throw error(block, part, "the value " + printer().value(value) + " is defined twice");
    }
  }

  private void checkHandlers(Block block) {
    for (Block.Handler handler : block.handlers()) {
      List<Value> parameters = handler.target().block().parameters();
      if (parameters.isEmpty() || parameters.get(0).kind() != Kind.REFERENCE) {
        throw error(block, handler, "a handler's first parameter is the exception");
      }
      if (handler.type() != null && Kind.of(handler.type()) != Kind.REFERENCE) {
        throw error(block, handler, "a number is no exception");
      }
      checkEdge(block, handler, handler.target(), parameters.subList(1, parameters.size()));
    }
  }

  private void checkEdge(Block block, Object part, Successor edge, List<Value> parameters) {
    List<Value> arguments = edge.arguments();
    if (arguments.size() != parameters.size()) {
      throw error(
          block,
          part,
          "%s takes %d arguments, not %d"
              .formatted(printer().block(edge.block()), parameters.size(), arguments.size()));
    }
    for (int i = 0; i < arguments.size(); i++) {
      String problem = OpRules.passed(parameters.get(i).type(), arguments.get(i));
      if (problem != null) {
        throw error(
            block, part, "the argument " + printer().value(arguments.get(i)) + " is " + problem);
      }
    }
  }

  private void checkEnd(Block block) {
    Terminator end = block.terminator();
    for (Successor successor : end.successors()) {
      if (handlers.contains(successor.block())) {
        throw error(
            block,
            end,
            printer().block(successor.block()) + " handles exceptions: nothing jumps there");
      }
      checkEdge(block, end, successor, successor.block().parameters());
    }
    String problem =
        switch (end) {
          case Terminator.Branch _ -> null;
          case Terminator.ConditionalBranch branch ->
              branch.condition().kind() == Kind.INT ? null : "the condition is no int";
          case Terminator.Switch choice -> problem(choice);
          case Terminator.Return returned -> problem(returned);
          case Terminator.Throw thrown ->
              thrown.exception().kind() == Kind.REFERENCE ? null : "a number cannot be thrown";
        };
    if (problem != null) {
      throw error(block, end, problem);
    }
  }

  private static @Nullable String problem(Terminator.Switch choice) {
    if (choice.key().kind() != Kind.INT) {
      return "the key is no int";
    }
    if (choice.labels().size() != choice.targets().size()) {
      return "there is not one target for each label";
    }
    return new HashSet<>(choice.labels()).size() == choice.labels().size()
        ? null
        : "two targets have the same label";
  }

  private @Nullable String problem(Terminator.Return returned) {
    Value value = returned.value();
    if (value == null) {
      return Kind.of(body.type().returnType()) == Kind.VOID ? null : "the result is missing";
    }
    String problem = OpRules.passed(body.type().returnType(), value);
    return problem == null ? null : "the result is " + problem;
  }

  private void checkUses(Block block, Availability availability) {
    for (Block.Handler handler : block.handlers()) {
      for (Value value : handler.target().arguments()) {
        if (!availability.isAvailable(value, block)) {
          throw error(
              block,
              handler,
              printer().value(value) + " is not defined on every path to the block's start");
        }
      }
    }
    Set<Value> here = new HashSet<>();
    for (Op op : block.ops()) {
      checkUses(block, op.operands(), here, availability, op);
      if (op.result() != null) {
        here.add(op.result());
      }
    }
    Terminator end = block.terminator();
    checkUses(block, end.operands(), here, availability, end);
    for (Successor successor : end.successors()) {
      checkUses(block, successor.arguments(), here, availability, end);
    }
  }

  private void checkUses(
      Block block, List<Value> used, Set<Value> here, Availability availability, Object part) {
    for (Value value : used) {
      if (!here.contains(value) && !availability.isAvailable(value, block)) {
        throw error(
            block, part, printer().value(value) + " is not defined on every path to its use");
      }
    }
  }
}

package dev.fluxion.ir.text;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes bodies as text, in the form that the {@linkplain dev.fluxion.ir.text package} describes.
 *
 * <p>A printer of a body also names its parts one by one, for messages. It takes bodies that are
 * not valid too: a value that nothing defines is {@code %?}.
 */
public final class Printer {
  /** A location that the parser finds again. */
  static final Pattern LOCATION =
      Pattern.compile("([^\\s:]+\\.[^\\s:]+)(?::([0-9]+))?(?: in (\\S.*?))?\\s*");

  private final Body body;
  private final boolean withLocations;
  private final Map<Value, Integer> values = new HashMap<>();
  private final Map<Block, Integer> blocks = new HashMap<>();

  private Printer(Body body, boolean withLocations) {
    this.body = body;
    this.withLocations = withLocations;
    for (Block block : body.blocks()) {
      blocks.putIfAbsent(block, blocks.size());
      for (Value parameter : block.parameters()) {
        values.putIfAbsent(parameter, values.size());
      }
      for (Op op : block.ops()) {
        if (op.result() != null) {
          values.putIfAbsent(op.result(), values.size());
        }
      }
    }
  }

  /** A printer of the parts of a body, without source lines. */
  public static Printer of(Body body) {
    return new Printer(body, false);
  }

  /** The text of a body, with source lines. */
  public static String print(Body body) {
    return new Printer(body, true).text();
  }

  /** The text of a body, without source lines. */
  public static String printWithoutLines(Body body) {
    return new Printer(body, false).text();
  }

  /** The text of the whole body. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("func @")
        .append(Names.name(body.name()))
        .append(parameters(body.entry()))
        .append(' ')
        .append(Names.type(body.type().returnType()))
        .append(" {\n");
    for (Block block : body.blocks()) {
      text.append(block(block));
      text.append(block == body.entry() || block.parameters().isEmpty() ? "" : parameters(block));
      text.append(":\n");
      for (Block.Handler handler : block.handlers()) {
        text.append("  ").append(handler(handler)).append('\n');
      }
      for (Op op : block.ops()) {
        text.append("  ").append(op(op)).append(location(op.location())).append('\n');
      }
      if (hasEnd(block)) {
        Terminator end = block.terminator();
        text.append("  ").append(terminator(end)).append(location(end.location())).append('\n');
      }
    }
    return text.append("}\n").toString();
  }

  private static boolean hasEnd(Block block) {
    try {
      block.terminator();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** The name of a block. */
  public String block(Block block) {
    Integer number = blocks.get(block);
    return number == null ? "^?" : "^" + number;
  }

  /** The name of a value. */
  public String value(Value value) {
    Integer number = values.get(value);
    return number == null ? "%?" : "%" + number;
  }

  private String defined(Value value) {
    return value(value) + ": " + Names.type(value.type());
  }

  private String parameters(Block block) {
    List<String> texts = new ArrayList<>();
    for (Value parameter : block.parameters()) {
      texts.add(defined(parameter));
    }
    return "(" + String.join(", ", texts) + ")";
  }

  private String location(Location location) {
    if (!withLocations || location.file().isEmpty()) {
      return "";
    }
    String text = location.file() + (location.line() > 0 ? ":" + location.line() : "");
    if (!location.method().equals(body.name())) {
      text += " in " + location.method();
    }
    return LOCATION.matcher(text).matches() ? " // " + text : "";
  }

  /** A handler, without the block that it handles. */
  public String handler(Block.Handler handler) {
    ClassDesc type = handler.type();
    return "catch " + (type == null ? "*" : Names.type(type)) + " " + successor(handler.target());
  }

  private String successor(Successor successor) {
    if (successor.arguments().isEmpty()) {
      return block(successor.block());
    }
    return block(successor.block())
        + "("
        + String.join(", ", successor.arguments().stream().map(this::value).toList())
        + ")";
  }

  /** What ends a block. */
  public String terminator(Terminator end) {
    return switch (end) {
      case Terminator.Branch branch -> "branch " + successor(branch.target());
      case Terminator.ConditionalBranch branch ->
          "cbranch %s %s %s"
              .formatted(
                  value(branch.condition()),
                  successor(branch.ifTrue()),
                  successor(branch.ifFalse()));
      case Terminator.Switch choice -> {
        StringBuilder text = new StringBuilder("switch ").append(value(choice.key())).append(" {");
        for (int i = 0; i < choice.labels().size(); i++) {
          text.append(choice.labels().get(i)).append(": ");
          text.append(successor(choice.targets().get(i))).append(", ");
        }
        yield text.append("default: ").append(successor(choice.otherwise())).append('}').toString();
      }
      case Terminator.Return returned -> "return" + operands(returned.operands());
      case Terminator.Throw thrown -> "throw " + value(thrown.exception());
    };
  }

  /** An operation. */
  public String op(Op op) {
    Value result = op.result();
    return (result == null ? "" : defined(result) + " = ")
        + operation(op)
        + (op instanceof Op.Constant ? "" : operands(op.operands()));
  }

  private String operands(List<Value> operands) {
    StringBuilder text = new StringBuilder();
    for (Value operand : operands) {
      text.append(' ').append(value(operand));
    }
    return text.toString();
  }

  private static String operation(Op op) {
    return switch (op) {
      case Op.Constant constant -> "constant " + Constants.text(constant.value());
      case Op.Negate _ -> "neg";
      case Op.Binary binary -> word(binary.operator());
      case Op.Compare compare -> word(compare.comparison());
      case Op.ThreeWay compare -> "threeway " + compare.ifUnordered();
      case Op.Convert _ -> "convert";
      case Op.Cast _ -> "cast";
      case Op.InstanceOf test -> "instanceof " + Names.type(test.target());
      case Op.NewArray _ -> "newarray";
      case Op.ArrayLength _ -> "length";
      case Op.LoadElement _ -> "loadelement";
      case Op.StoreElement _ -> "storeelement";
      case Op.LoadField load -> "loadfield " + field(load.field());
      case Op.StoreField store -> "storefield " + field(store.field());
      case Op.Call call -> "call " + method(call.method());
      case Op.New created when created.constructor().isAllocation() ->
          "allocate " + Names.type(created.constructor().owner());
      case Op.New created ->
          "new "
              + Names.type(created.constructor().owner())
              + Names.parameters(created.constructor().type());
      case Op.Lambda lambda -> "lambda " + Constants.site(lambda.lambda().site(), "metafactory");
      case Op.InvokeDynamic dynamic -> "invokedynamic " + Constants.site(dynamic.site(), null);
      case Op.Apply apply ->
          "apply @"
              + Names.name(apply.function().name())
              + Names.signature(apply.function().type());
      case Op.Monitor monitor -> monitor.enter() ? "monitorenter" : "monitorexit";
    };
  }

  private static String word(Enum<?> operator) {
    return operator.name().toLowerCase(Locale.ROOT);
  }

  private static String field(FieldRef field) {
    return (field.isStatic() ? "static " : "")
        + Names.type(field.owner())
        + "::"
        + Names.name(field.name())
        + ": "
        + Names.type(field.type());
  }

  private static String method(MethodRef method) {
    boolean isInterfaces =
        method.ownerIsInterface() && method.dispatch() != MethodRef.Dispatch.INTERFACE;
    String owner = isInterfaces ? "interface " : "";
    return word(method.dispatch())
        + " "
        + owner
        + Names.type(method.owner())
        + "::"
        + Names.name(method.name())
        + Names.signature(method.type());
  }
}

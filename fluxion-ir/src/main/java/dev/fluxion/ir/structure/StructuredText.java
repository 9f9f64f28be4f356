package dev.fluxion.ir.structure;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.structure.Structured.Label;
import dev.fluxion.ir.text.Phrases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes structured bodies for people, in the words of {@link Phrases}.
 *
 * <pre>
 * double Samples.power(x: double, n: int) {
 *   i = 0, r = 1.0
 *   L1: loop {
 *     if i &gt;= n {
 *       break L1
 *     }
 *     r.1 = r * x
 *     i.1 = i + 1
 *     i = i.1, r = r.1
 *   }
 *   return r
 * }
 * </pre>
 */
public final class StructuredText {
  private final StructuredBody body;
  private final Phrases phrases;
  private final Map<Value, Integer> uses = new HashMap<>();
  private final Map<Value, String> carriers = new HashMap<>();
  private final Map<Label, String> labels = new HashMap<>();
  private final Set<Label> jumped = new HashSet<>();
  private final StringBuilder text = new StringBuilder();

  private StructuredText(StructuredBody body) {
    this.body = body;
    this.phrases = Phrases.of(body.body());
    Set<@Nullable Value> defined = new HashSet<>();
    for (Block block : body.body().blocks()) {
      block.ops().forEach(op -> use(op.operands()));
      use(block.terminator().operands());
      block.successors().forEach(edge -> use(edge.arguments()));
      block.handlers().forEach(handler -> use(handler.target().arguments()));
      block.parameters().forEach(value -> defined.add(value));
      block.ops().forEach(op -> defined.add(op.result()));
    }
    name(body.code(), defined);
  }

  /** Variables that only carry a value to a handler are {@code x'} where it has it as {@code x}. */
  private void name(List<Structured> code, Set<@Nullable Value> defined) {
    for (Structured part : code) {
      if (part instanceof Structured.Assignment assignment) {
        for (int i = 0; i < assignment.sources().size(); i++) {
          Value source = assignment.sources().get(i);
          if (!defined.contains(source)) {
            carriers.put(source, phrases.value(assignment.targets().get(i)) + "'");
          }
        }
      }
      if (part instanceof Structured.Break left) {
        jumped.add(left.label());
      } else if (part instanceof Structured.Continue again) {
        jumped.add(again.label());
      }
      parts(part).forEach(inner -> name(inner, defined));
    }
  }

  private static List<List<Structured>> parts(Structured part) {
    List<List<Structured>> parts = new ArrayList<>();
    switch (part) {
      case Structured.Labelled labelled -> parts.add(labelled.body());
      case Structured.Loop loop -> parts.add(loop.body());
      case Structured.If choice -> parts.addAll(List.of(choice.then(), choice.otherwise()));
      case Structured.Switch choice -> {
        choice.cases().forEach(one -> parts.add(one.body()));
        parts.add(choice.otherwise());
      }
      case Structured.Try attempt -> {
        parts.add(attempt.body());
        attempt.catches().forEach(handler -> parts.add(handler.body()));
      }
      default -> {}
    }
    return parts;
  }

  private String value(Value value) {
    String name = carriers.get(value);
    return name == null ? phrases.value(value) : name;
  }

  private void use(List<Value> values) {
    values.forEach(value -> uses.merge(value, 1, Integer::sum));
  }

  /** The text of a structured body. */
  public static String of(StructuredBody body) {
    return new StructuredText(body).text();
  }

  private String text() {
    Body method = body.body();
    String parameters =
        method.parameters().stream()
            .map(value -> phrases.value(value) + ": " + Phrases.type(value.type()))
            .collect(Collectors.joining(", ", "(", ")"));
    text.append(Phrases.type(method.type().returnType())).append(' ').append(method.name());
    text.append(parameters).append(" {\n");
    write(body.code(), "  ");
    return text.append("}\n").toString();
  }

  private void line(String indent, String content) {
    text.append(indent).append(content).append('\n');
  }

  private void write(List<Structured> code, String indent) {
    for (int i = 0; i < code.size(); i++) {
      Op.Compare condition = i + 1 < code.size() ? condition(code.get(i), code.get(i + 1)) : null;
      if (code.get(i) instanceof Structured.Operations operations) {
        for (Op op : operations.operations()) {
          if (!(op instanceof Op.Constant) && op != condition) {
            line(indent, phrases.op(op));
          }
        }
        if (condition != null) {
          write((Structured.If) code.get(++i), condition, "", indent);
        }
      } else {
        write(code.get(i), indent);
      }
    }
  }

  /** The comparison that is the condition of what follows it, and nothing else. */
  private Op.@Nullable Compare condition(Structured before, Structured after) {
    return before instanceof Structured.Operations operations
            && after instanceof Structured.If choice
            && operations.operations().getLast() instanceof Op.Compare compare
            && compare.result() == choice.condition()
            && uses.get(compare.result()) == 1
        ? compare
        : null;
  }

  private void write(
      Structured.If choice, Op.@Nullable Compare compare, String before, String indent) {
    boolean isNegated = choice.then().isEmpty();
    String condition = isNegated ? negated(choice, compare) : condition(choice, compare);
    line(indent, before + "if " + condition + " {");
    write(isNegated ? choice.otherwise() : choice.then(), indent + "  ");
    if (isNegated || choice.otherwise().isEmpty()) {
      line(indent, "}");
    } else if (!writeElseIf(choice.otherwise(), indent)) {
      line(indent, "} else {");
      write(choice.otherwise(), indent + "  ");
      line(indent, "}");
    }
  }

  /** Writes statements that are one more conditional, if they are. */
  private boolean writeElseIf(List<Structured> code, String indent) {
    if (!(code.getLast() instanceof Structured.If next) || code.size() > 2) {
      return false;
    }
    Op.Compare compare = code.size() == 1 ? null : condition(code.getFirst(), next);
    boolean isAlone =
        code.size() == 1
            || (compare != null
                && ((Structured.Operations) code.getFirst())
                    .operations().stream()
                        .allMatch(op -> op == compare || op instanceof Op.Constant));
    if (isAlone) {
      write(next, compare, "} else ", indent);
    }
    return isAlone;
  }

  private String condition(Structured.If choice, Op.@Nullable Compare compare) {
    if (compare != null) {
      return phrases.expression(compare);
    }
    String name = phrases.value(choice.condition());
    return choice.condition().type().equals(CD_boolean) ? name : name + " != 0";
  }

  private String negated(Structured.If choice, Op.@Nullable Compare compare) {
    if (compare != null && !compare.left().kind().isFloating()) {
      return phrases.expression(
          new Op.Compare(
              compare.result(),
              compare.comparison().negated(),
              compare.left(),
              compare.right(),
              compare.location()));
    }
    String condition = condition(choice, compare);
    boolean isName = condition.equals(phrases.value(choice.condition()));
    return isName ? "!" + condition : "!(" + condition + ")";
  }

  private void write(Structured part, String indent) {
    switch (part) {
      case Structured.Operations operations ->
          operations.operations().forEach(op -> line(indent, phrases.op(op)));
      case Structured.Assignment assignment -> line(indent, assignment(assignment));
      case Structured.Labelled labelled ->
          block(label(labelled.label()) + "{", labelled.body(), indent);
      case Structured.Loop loop -> block(label(loop.label()) + "loop {", loop.body(), indent);
      case Structured.If choice -> write(choice, null, "", indent);
      case Structured.Switch choice -> {
        line(indent, "switch " + phrases.value(choice.key()) + " {");
        for (Structured.Case one : choice.cases()) {
          String labels =
              one.labels().stream().map(String::valueOf).collect(Collectors.joining(", "));
          block("case " + labels + " {", one.body(), indent + "  ");
        }
        block("default {", choice.otherwise(), indent + "  ");
        line(indent, "}");
      }
      case Structured.Try attempt -> {
        line(indent, "try {");
        write(attempt.body(), indent + "  ");
        for (Structured.Catch handler : attempt.catches()) {
          String types =
              handler.types().stream().map(Phrases::type).collect(Collectors.joining(" | "));
          String caught = types.isEmpty() ? "anything" : types;
          line(indent, "} catch " + caught + " as " + phrases.value(handler.exception()) + " {");
          write(handler.body(), indent + "  ");
        }
        line(indent, "}");
      }
      case Structured.Break left -> line(indent, "break " + labels.get(left.label()));
      case Structured.Continue again -> line(indent, "continue " + labels.get(again.label()));
      case Structured.Return end ->
          line(indent, end.value() == null ? "return" : "return " + phrases.value(end.value()));
      case Structured.Throw thrown -> line(indent, "throw " + phrases.value(thrown.exception()));
    }
  }

  /** A label before what it names, if anything jumps there. */
  private String label(Label label) {
    if (!jumped.contains(label)) {
      return "";
    }
    labels.put(label, "L" + (labels.size() + 1));
    return labels.get(label) + ": ";
  }

  private void block(String head, List<Structured> code, String indent) {
    line(indent, head);
    write(code, indent + "  ");
    line(indent, "}");
  }

  private String assignment(Structured.Assignment assignment) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < assignment.targets().size(); i++) {
      parts.add(value(assignment.targets().get(i)) + " = " + value(assignment.sources().get(i)));
    }
    return String.join(", ", parts);
  }
}

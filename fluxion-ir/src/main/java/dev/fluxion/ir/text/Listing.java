package dev.fluxion.ir.text;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes bodies for people: each line of the source, and below it what it became, in the words of
 * {@link Phrases}.
 *
 * <pre>
 *    5 | for (int i = 0; i &lt; n; i++) {
 *          goto ^1(i = 0, r = 1.0)
 *        ^1(i, r)
 *          if i &gt;= n goto ^2 else ^3
 *        ^3
 *    6 |   r *= x;
 *        * r.1 = r * x
 * </pre>
 */
public final class Listing {
  private static final String MARGIN = " ".repeat(8);

  private final Body body;
  private final Phrases phrases;
  private final Style style;
  private final Map<Block, String> labels = new HashMap<>();
  private final Map<Value, Op.Compare> conditions = new HashMap<>();
  private final StringBuilder text = new StringBuilder();
  private Location shown = Location.NONE;

  /**
   * What a listing shows besides the code.
   *
   * @param file the source file that most lines are from, which goes without saying
   * @param isShown the places in the source that are of interest
   * @param source the text of a line, or null if it is not known
   * @param isMarked the operations that get an asterisk before them
   * @param isActive the parameters of blocks that do
   */
  public record Style(
      String file,
      Predicate<Location> isShown,
      Function<Location, @Nullable String> source,
      Predicate<Op> isMarked,
      Predicate<Value> isActive) {
    /** The same without asterisks. */
    public Style withoutMarks() {
      return new Style(file, isShown, source, _ -> false, _ -> false);
    }
  }

  private Listing(Body body, Style style) {
    this.body = body;
    this.phrases = Phrases.of(body);
    this.style = style;
    Map<Value, Integer> uses = new HashMap<>();
    for (Block block : body.blocks()) {
      labels.put(block, "^" + labels.size());
      block.ops().forEach(op -> op.operands().forEach(v -> uses.merge(v, 1, Integer::sum)));
      block.terminator().operands().forEach(v -> uses.merge(v, 1, Integer::sum));
      for (Successor edge : block.successors()) {
        edge.arguments().forEach(v -> uses.merge(v, 1, Integer::sum));
      }
      for (Block.Handler handler : block.handlers()) {
        handler.target().arguments().forEach(v -> uses.merge(v, 1, Integer::sum));
      }
    }
    for (Block block : body.blocks()) {
      if (!block.ops().isEmpty()
          && block.terminator() instanceof Terminator.ConditionalBranch branch
          && block.ops().getLast() instanceof Op.Compare compare
          && compare.result() == branch.condition()
          && uses.get(compare.result()) == 1) {
        conditions.put(compare.result(), compare);
      }
    }
  }

  /** The listing of a body. */
  public static String of(Body body, Style style) {
    return new Listing(body, style).text();
  }

  private String text() {
    for (Block block : body.blocks()) {
      if (block != body.entry()) {
        text.append(MARGIN).append(labels.get(block)).append(parameters(block)).append('\n');
      } else if (!block.parameters().isEmpty()) {
        text.append(MARGIN).append("takes ").append(typed(block.parameters())).append('\n');
      }
      for (Block.Handler handler : block.handlers()) {
        String caught = handler.type() == null ? "anything" : Phrases.type(handler.type());
        line(false, "catches " + caught + " at " + edge(handler.target(), 1));
      }
      for (Op op : block.ops()) {
        boolean isWritten = op instanceof Op.Constant || conditions.containsKey(op.result());
        if (!isWritten) {
          at(op.location());
          line(style.isMarked.test(op), phrases.op(op));
        }
      }
      at(block.terminator().location());
      line(false, end(block.terminator()));
    }
    return text.toString();
  }

  private void line(boolean marked, String content) {
    text.append(MARGIN).append(marked ? "* " : "  ").append(content).append('\n');
  }

  private String typed(List<Value> values) {
    return values.stream()
        .map(value -> phrases.value(value) + ": " + Phrases.type(value.type()))
        .collect(Collectors.joining(", "));
  }

  private String parameters(Block block) {
    List<String> texts = new ArrayList<>();
    for (Value parameter : block.parameters()) {
      String mark = style.isActive.test(parameter) ? "*" : "";
      texts.add(mark + phrases.value(parameter));
    }
    return texts.isEmpty() ? "" : "(" + String.join(", ", texts) + ")";
  }

  /** Shows the source line, unless it was the one before. */
  private void at(Location location) {
    if (location.line() <= 0 || location.equals(shown) || !style.isShown.test(location)) {
      return;
    }
    boolean isSameLine = location.line() == shown.line() && location.file().equals(shown.file());
    shown = location;
    if (isSameLine) {
      return;
    }
    String content = style.source.apply(location);
    String number =
        location.file().equals(style.file)
            ? "%5d".formatted(location.line())
            : location.file() + ":" + location.line();
    text.append((number + " | " + (content == null ? "" : content)).stripTrailing()).append('\n');
  }

  private String edge(Successor edge, int skipped) {
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < edge.arguments().size(); i++) {
      Value parameter = edge.block().parameters().get(i + skipped);
      String name = phrases.value(parameter);
      String value = phrases.value(edge.arguments().get(i));
      if (!name.equals(value)) {
        passed.add(name + " = " + value);
      }
    }
    String label = labels.get(edge.block());
    return passed.isEmpty() ? label : label + "(" + String.join(", ", passed) + ")";
  }

  private String end(Terminator end) {
    return switch (end) {
      case Terminator.Branch branch -> "goto " + edge(branch.target(), 0);
      case Terminator.ConditionalBranch branch -> {
        Op.Compare compare = conditions.get(branch.condition());
        String value = phrases.value(branch.condition());
        String condition =
            compare != null
                ? phrases.expression(compare)
                : branch.condition().type().equals(CD_boolean) ? value : value + " != 0";
        yield "if %s goto %s else %s"
            .formatted(condition, edge(branch.ifTrue(), 0), edge(branch.ifFalse(), 0));
      }
      case Terminator.Switch choice -> {
        List<String> cases = new ArrayList<>();
        for (int i = 0; i < choice.labels().size(); i++) {
          cases.add(choice.labels().get(i) + ": " + edge(choice.targets().get(i), 0));
        }
        cases.add("default: " + edge(choice.otherwise(), 0));
        yield "switch " + phrases.value(choice.key()) + " {" + String.join(", ", cases) + "}";
      }
      case Terminator.Return returned ->
          returned.value() == null ? "return" : "return " + phrases.value(returned.value());
      case Terminator.Throw thrown -> "throw " + phrases.value(thrown.exception());
    };
  }
}

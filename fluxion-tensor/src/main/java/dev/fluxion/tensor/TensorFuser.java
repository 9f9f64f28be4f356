package dev.fluxion.tensor;

import dev.fluxion.grad.Fuser;
import dev.fluxion.ir.Location;
import dev.fluxion.tensor.Vocabulary.Kind;
import dev.fluxion.tensor.Vocabulary.Literal;
import dev.fluxion.tensor.Vocabulary.Parameter;
import dev.fluxion.tensor.Vocabulary.Template;
import dev.fluxion.tensor.Vocabulary.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one {@link Program} of calls that work element by element. */
final class TensorFuser implements Fuser {
  @Override
  public boolean takes(Callee callee) {
    return Vocabulary.of(callee) != null;
  }

  @Override
  public @Nullable Operation fuse(
      List<Part> parts, int inputs, List<Integer> results, Set<Integer> kept) {
    Writer writer = new Writer();
    List<Integer> values = new ArrayList<>();
    for (Part part : parts) {
      Template template = Objects.requireNonNull(Vocabulary.of(part.callee()));
      values.add(writer.write(template.result(), template.isGuarded(), part, values));
    }
    return writer.computing < 2
        ? null
        : writer.program(
            inputs,
            results.stream().map(values::get).toList(),
            results.stream().map(kept::contains).toList());
  }

  /**
   * Writes parts as the nodes of a program, of which what is computed twice is one. While it is not
   * known how many there are of each, constants and nodes are numbered far behind inputs.
   */
  private static final class Writer {
    private static final int CONSTANTS = 1 << 20;
    private static final int NODES = 1 << 24;

    private final List<@Nullable Object> constants = new ArrayList<>();
    private final List<Program.Node> nodes = new ArrayList<>();
    private final List<Location> places = new ArrayList<>();
    private final Map<Program.Node, Integer> known = new HashMap<>();
    private int computing;

    int write(Term term, boolean isGuarded, Part part, List<Integer> values) {
      return switch (term) {
        case Parameter(int index) ->
            switch (part.arguments().get(index)) {
              case Argument.Input(int input) -> input;
              case Argument.Result(int result) -> values.get(result);
              case Argument.Constant(Object value) -> constant(value);
            };
        case Literal(Object value) -> constant(value);
        case Vocabulary.Operation operation -> {
          int first = write(operation.operands().get(0), isGuarded, part, values);
          int second =
              operation.operands().size() == 1
                  ? first
                  : write(operation.operands().get(1), isGuarded, part, values);
          Program.Node node =
              new Program.Node(operation.kind(), operation.function(), first, second, isGuarded);
          yield known.computeIfAbsent(node, made -> add(made, part.location()));
        }
      };
    }

    private int add(Program.Node node, Location place) {
      nodes.add(node);
      places.add(place);
      computing += node.kind() == Kind.TOWARD || node.kind() == Kind.ALONG ? 0 : 1;
      return NODES + nodes.size() - 1;
    }

    private int constant(@Nullable Object value) {
      int index = constants.indexOf(value);
      if (index < 0) {
        index = constants.size();
        constants.add(value);
      }
      return CONSTANTS + index;
    }

    Program program(int inputs, List<Integer> results, List<Boolean> kept) {
      List<Program.Node> numbered = new ArrayList<>();
      for (Program.Node node : nodes) {
        numbered.add(node.with(numbered(node.first(), inputs), numbered(node.second(), inputs)));
      }
      List<Program.Result> read = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        read.add(new Program.Result(numbered(results.get(i), inputs), kept.get(i)));
      }
      return new Program(inputs, constants.toArray(), numbered, places, read);
    }

    private int numbered(int value, int inputs) {
      return value >= NODES
          ? inputs + constants.size() + value - NODES
          : value >= CONSTANTS ? inputs + value - CONSTANTS : value;
    }
  }
}

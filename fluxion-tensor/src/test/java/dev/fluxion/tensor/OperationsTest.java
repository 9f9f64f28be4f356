package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import dev.fluxion.testing.SourceCompiler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What {@code docs/operations.md} says of each operation, found by calling it with elements of all
 * types and by deriving it. With {@code -Dfluxion.golden.update=true} the page is written anew.
 */
@Execution(ExecutionMode.CONCURRENT)
class OperationsTest {
  private static final Path PAGE = Path.of("../docs/operations.md");

  private static final String HEAD =
      """
      # Operations on tensors

      Which types of elements each operation takes, and which derivatives it has. `OperationsTest` writes this page: it
      calls the operations with elements of each type, and derives them in reverse mode, in forward mode, and forwards
      over reverse for the second derivative; the build fails where the page says something else.

      A type has a mark where a call gave a result, and none where it was refused. Where an operation takes several tensors
      that are no indices, all had that type. A derivative that is there in each argument is "yes", one that is zero
      wherever there is one "zero", and one that is refused "refused"; there is none where the result has no
      floating-point numbers. Derivatives are those of floating-point elements. Where methods of a name differ, each
      has a line. Values are compared with PyTorch's and NumPy's by `ConformanceTest`, derivatives up to the third with
      differences by `HigherDerivativesTest` and `FurtherDerivativesTest`.

      """;

  /** What is said of a derivative, the strongest last. */
  private enum Derivative {
    NONE(""),
    REFUSED("refused"),
    ZERO("zero"),
    YES("yes");

    private final String text;

    Derivative(String text) {
      this.text = text;
    }

    static Derivative of(Supplier<Tensor> derivative) {
      try {
        return Arrays.stream(derivative.get().toDoubleArray()).anyMatch(number -> number != 0)
            ? YES
            : ZERO;
      } catch (GradientException e) {
        return REFUSED;
      }
    }
  }

  /** The derivatives in reverse mode, in forward mode, and the second. */
  private record Derivatives(Derivative reverse, Derivative forward, Derivative second) {
    static final Derivatives NONE =
        new Derivatives(Derivative.NONE, Derivative.NONE, Derivative.NONE);
    static final Derivatives ZERO =
        new Derivatives(Derivative.ZERO, Derivative.ZERO, Derivative.ZERO);

    /**
     * A second derivative that is not zero is a tangent of a gradient: with it, both modes have
     * gone through the operation.
     */
    static Derivatives of(Fn1<Tensor, Tensor> f, Tensor at) {
      Tensor along = Tensor.uniform(3, 0.5, 1.5, at.shape()).cast(at.dtype());
      Derivative second = Derivative.of(() -> Grad.hessianVectorProduct(f, at, along));
      return second == Derivative.YES
          ? new Derivatives(second, second, second)
          : new Derivatives(
              Derivative.of(() -> Grad.gradient(f, at)),
              Derivative.of(() -> Grad.jvp(f, at, along).tangent()),
              second);
    }

    /** Of two arguments: refused if in one, else there if in one. */
    Derivatives and(Derivatives other) {
      return new Derivatives(
          both(reverse, other.reverse), both(forward, other.forward), both(second, other.second));
    }

    private static Derivative both(Derivative one, Derivative other) {
      return one == Derivative.REFUSED || (one.compareTo(other) > 0 && other != Derivative.REFUSED)
          ? one
          : other;
    }

    boolean isZero() {
      return reverse == Derivative.ZERO || forward == Derivative.ZERO || second == Derivative.ZERO;
    }

    String cells() {
      return reverse.text + " | " + forward.text + " | " + second.text;
    }
  }

  /** What is known of a method. */
  private record Row(String name, Method method, Set<DType> types, Derivatives derivatives) {
    String cells() {
      return Arrays.stream(DType.values())
              .map(type -> types.contains(type) ? "✓" : " ")
              .collect(Collectors.joining(" | ", "| ", " | "))
          + derivatives.cells()
          + " |";
    }

    String parameters() {
      return Arrays.stream(method.getParameterTypes())
          .map(Class::getSimpleName)
          .collect(Collectors.joining(", ", "(", ")"));
    }
  }

  /** A class with a function of each argument of each sample. */
  private static String source(List<Sample> samples) {
    StringBuilder text =
        new StringBuilder(
            """
            package generated;
            import dev.fluxion.grad.Fn1;
            import dev.fluxion.tensor.*;
            public final class Operations {
            """);
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      String body = sample.body().orElse("");
      for (String letter : body.isEmpty() ? List.<String>of() : sample.letters()) {
        text.append("public static Fn1<Tensor, Tensor> ").append(letter).append(i);
        text.append("(java.util.Map<String, Tensor> all) {\n");
        for (String other : sample.tensors().keySet()) {
          if (!other.equals(letter)) {
            text.append("Tensor %s = all.get(\"%<s\");\n".formatted(other));
          }
        }
        text.append("return ").append(letter).append(" -> {\n").append(body).append("};\n}\n");
      }
    }
    return text.append("}\n").toString();
  }

  private static Derivatives derivatives(Class<?> functions, int index, Sample sample) {
    Derivatives derivatives = Derivatives.NONE;
    for (String letter : sample.letters()) {
      derivatives =
          derivatives.and(
              PrimitivesTest.isConstant(sample.method(), sample.position(letter))
                  ? Derivatives.ZERO
                  : Derivatives.of(
                      function(functions, letter + index, sample), sample.tensors().get(letter)));
    }
    return derivatives;
  }

  @SuppressWarnings("unchecked")
  private static Fn1<Tensor, Tensor> function(Class<?> functions, String name, Sample sample) {
    try {
      return (Fn1<Tensor, Tensor>)
          functions.getMethod(name, Map.class).invoke(null, sample.tensors());
    } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException e) {
      throw new LinkageError(name, e);
    }
  }

  private static List<Row> rows() throws IOException, ClassNotFoundException {
    Map<Method, List<Sample>> all = Sample.all();
    List<Sample> samples = all.values().stream().flatMap(List::stream).toList();
    List<Row> rows = new ArrayList<>();
    try (SourceCompiler compiler = new SourceCompiler()) {
      Class<?> functions =
          compiler
              .compile(Map.of("generated.Operations", source(samples)))
              .loadClass("generated.Operations");
      int next = 0;
      for (Map.Entry<Method, List<Sample>> entry : all.entrySet()) {
        Set<DType> types = EnumSet.noneOf(DType.class);
        Derivatives derivatives = Derivatives.NONE;
        for (int i = 0; i < entry.getValue().size(); i++) {
          Sample sample = entry.getValue().get(i);
          types.addAll(sample.types());
          if (sample.body().isPresent()
              && (i == 0 || (derivatives.isZero() && !sample.isConstant()))) {
            derivatives = derivatives.and(derivatives(functions, next + i, sample));
          }
        }
        next += entry.getValue().size();
        String name = entry.getValue().getFirst().name();
        rows.add(new Row(name, entry.getKey(), types, derivatives));
      }
    }
    return rows;
  }

  private static String page(List<Row> rows) {
    Map<String, List<Row>> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Row row : rows) {
      named.computeIfAbsent(row.name, _ -> new ArrayList<>()).add(row);
    }
    StringBuilder page = new StringBuilder(HEAD);
    page.append(
        Arrays.stream(DType.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(
                Collectors.joining(" | ", "| operation | ", " | reverse | forward | second |\n")));
    page.append("|---").append("|:-:".repeat(DType.values().length)).append("|---|---|---|\n");
    named.forEach(
        (name, same) -> {
          boolean isOne = same.stream().map(Row::cells).distinct().count() == 1;
          for (Row row : isOne ? same.subList(0, 1) : same) {
            page.append("| `").append(name).append(isOne ? "" : row.parameters()).append("` ");
            page.append(row.cells()).append('\n');
          }
        });
    return page.toString();
  }

  @Test
  void thePageSaysWhatIsSo() throws Exception {
    String page = page(rows());
    if (Boolean.getBoolean("fluxion.golden.update")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        Files.readString(PAGE),
        page,
        PAGE + " (to accept this, run with -Dfluxion.golden.update=true)");
  }

  /** Elements of a whole type are not cut where the result is none: it is float32, or refused. */
  @Test
  void wholeNumbersGiveWhatDoublesGive() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (List<Sample> samples : Sample.all().values()) {
      for (Sample sample : samples) {
        List<Tensor> whole = sample.results(DType.INT64, DType.INT64).orElse(List.of());
        List<Tensor> real = sample.results(DType.INT64, DType.FLOAT64).orElse(whole);
        for (int i = 0; i < whole.size(); i++) {
          double[] expected = real.get(i).toDoubleArray();
          double[] actual = whole.get(i).toDoubleArray();
          for (int j = 0; j < expected.length; j++) {
            double allowed = whole.get(i).dtype() == DType.INT64 ? 0 : 1e-6 * Math.abs(expected[j]);
            if (Math.abs(actual[j] - expected[j]) > allowed) {
              wrong.add(sample.call() + ": " + actual[j] + ", not " + expected[j]);
              break;
            }
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }
}

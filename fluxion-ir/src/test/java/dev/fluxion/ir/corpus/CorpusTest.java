package dev.fluxion.ir.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Op;
import dev.fluxion.testing.Fragment;
import dev.fluxion.testing.Shrinker;
import dev.fluxion.testing.SourceCompiler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random methods do the same as they are, lifted and emitted, interpreted, parsed from their text,
 * and after each pass.
 *
 * <p>Other programs come from another seed, and more from another number of classes: {@code
 * -Dfluxion.corpus.seed=7 -Dfluxion.corpus.classes=500}.
 */
class CorpusTest {
  private static final long SEED = Long.getLong("fluxion.corpus.seed", 20180);
  private static final int CLASSES = Integer.getInteger("fluxion.corpus.classes", 50);
  private static final int METHODS = 8;
  private static final int CALLS = 6;
  private static final String PACKAGE = "generated";

  private static Fragment program(int index) {
    return ProgramGenerator.generate(PACKAGE, "C" + index, SEED * 1000 + index, METHODS);
  }

  /** The first difference that a class shows, or null. */
  private static @Nullable String difference(
      ClassLoader loader, int index, @Nullable UnaryOperator<Body> pass) {
    try {
      Subject subject = new Subject(Class.forName(PACKAGE + ".C" + index, true, loader), pass);
      for (String name : subject.methods()) {
        String difference = subject.difference(name, SEED + index, CALLS);
        if (difference != null) {
          return difference;
        }
      }
      return null;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fragment shrink(
      SourceCompiler compiler, int index, @Nullable UnaryOperator<Body> pass, int attempts) {
    return Shrinker.shrink(
        program(index),
        candidate -> {
          try {
            ClassLoader loader = compiler.compile(Map.of(PACKAGE + ".C" + index, candidate.text()));
            return difference(loader, index, pass) != null;
          } catch (SourceCompiler.SourceException e) {
            return false;
          }
        },
        attempts);
  }

  @Test
  void generatedMethodsKeepTheirMeaning() throws IOException {
    try (SourceCompiler compiler = new SourceCompiler()) {
      Map<String, String> sources = new LinkedHashMap<>();
      for (int index = 0; index < CLASSES; index++) {
        sources.put(PACKAGE + ".C" + index, program(index).text());
      }
      ClassLoader loader = compiler.compile(sources);
      // each class has state of its own, so they are tried on all cores
      OptionalInt differing =
          IntStream.range(0, CLASSES)
              .parallel()
              .filter(index -> difference(loader, index, null) != null)
              .findFirst();
      if (differing.isPresent()) {
        int index = differing.getAsInt();
        String difference = difference(loader, index, null);
        Fragment small = shrink(compiler, index, null, 2000);
        fail("seed " + SEED + ", class C" + index + ": " + difference + "\n" + small.text());
      }
    }
  }

  /** What the corpus would say of a pass that takes NaN for an ordinary number. */
  @Test
  void passThatForgetsNaNIsFound() throws IOException {
    try (SourceCompiler compiler = new SourceCompiler()) {
      UnaryOperator<Body> wrong = CorpusTest::withGreaterForLess;
      for (int index = 0; index < CLASSES; index++) {
        ClassLoader loader =
            compiler.compile(Map.of(PACKAGE + ".C" + index, program(index).text()));
        if (difference(loader, index, wrong) != null) {
          Fragment small = shrink(compiler, index, wrong, 1500);
          assertTrue(small.size() * 4 < program(index).size(), small::text);
          return;
        }
      }
      fail("no program noticed");
    }
  }

  /** a < b → !(a >= b). */
  private static Body withGreaterForLess(Body body) {
    return body.transform(
        (copy, op) -> {
          if (op instanceof Op.Compare compare
              && compare.comparison() == Comparison.LT
              && compare.left().kind().isFloating()) {
            copy.map(
                compare.result(),
                copy.block()
                    .compare(
                        Comparison.EQ,
                        copy.block().compare(Comparison.GE, compare.left(), compare.right()),
                        copy.block().constant(0)));
          } else {
            copy.keep(op);
          }
        });
  }

  @Test
  void shrinkerKeepsWhatFails() {
    Fragment program =
        Fragment.of(
            "class A",
            List.of(
                Fragment.of("int a = (1 + 2);"),
                Fragment.of("if (a > (3 - 1))", List.of(Fragment.of("b();"), Fragment.of("c();"))),
                Fragment.of("d();")));
    Fragment small = Shrinker.shrink(program, part -> part.text().contains("c();"), 100);
    assertEquals("class A {\n  c();\n}\n", small.text());
  }
}

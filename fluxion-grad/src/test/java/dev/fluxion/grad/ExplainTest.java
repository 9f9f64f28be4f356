package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What {@link Fluxion#explain} says, as text; {@code -Dfluxion.golden.update=true} writes the files
 * anew.
 */
class ExplainTest {
  private static final Path FILES = Path.of("src/test/resources/dev/fluxion/grad/golden");

  @Test
  void straightLine() throws IOException {
    check("explain-straight", Fluxion.explain(Explained::straight, 1.0, 2.0));
  }

  @Test
  void branch() throws IOException {
    check("explain-branch", Fluxion.explain(Explained::branch, 1.0));
  }

  @Test
  void loop() throws IOException {
    check("explain-loop", Fluxion.explain(Explained::loop, 1.0));
  }

  @Test
  void call() throws IOException {
    check("explain-call", Fluxion.explain(Explained::call, 1.0));
  }

  @Test
  void mutation() throws IOException {
    check("explain-mutate", Fluxion.explain(Explained::mutate));
  }

  @Test
  void theArgumentOnlySaysWhichFunctionIsMeant() {
    Scalar1 f = x -> x * x;
    assertEquals(Fluxion.explain(f).toString(), Fluxion.explain(f, 3).toString());
    assertEquals(
        List.of("x"),
        Fluxion.explain(f).methods().getFirst().kept().stream()
            .map(Explanation.KeptValue::name)
            .toList());
  }

  @Test
  void aLambdaIsNamedByWhereItIs() {
    String title = Fluxion.explain((double x) -> x * x).methods().getFirst().title();
    assertTrue(
        title.matches("a lambda in ExplainTest.aLambdaIsNamedByWhereItIs at ExplainTest.java:\\d+"),
        title);
  }

  static double logged(double x) {
    double y = x * x;
    System.setProperty("fluxion.test.logged", "yes");
    return Grad.stopGradient(y) * x;
  }

  @Test
  void passiveCallsSayWhy() {
    Explanation.Method method = Fluxion.explain(ExplainTest::logged, 2.0).methods().getFirst();
    assertEquals(
        List.of("System.setProperty", "Grad.stopGradient"),
        method.callees().stream().map(Explanation.Callee::name).toList());
    assertEquals(
        "passive, runs once: it belongs to the Java platform",
        method.callees().get(0).derivative());
    assertEquals("passive: so says its rule", method.callees().get(1).derivative());
    assertTrue(method.activity().contains("passive, for no result depends on it: y"));
  }

  @Test
  void explainingDoesNotRunTheFunction() {
    System.clearProperty("fluxion.test.logged");
    assertFalse(Fluxion.explain(ExplainTest::logged, 2.0).toString().isEmpty());
    assertNull(System.getProperty("fluxion.test.logged"));
  }

  private static void check(String name, Explanation explanation) throws IOException {
    String text = explanation.toString();
    if (Boolean.getBoolean("fluxion.golden.update")) {
      Files.writeString(FILES.resolve(name + ".txt"), text);
      return;
    }
    try (InputStream file = ExplainTest.class.getResourceAsStream("golden/" + name + ".txt")) {
      if (file == null) {
        throw new AssertionError("there is no " + name);
      }
      assertEquals(
          new String(file.readAllBytes(), StandardCharsets.UTF_8),
          text,
          name + " (to accept this, run with -Dfluxion.golden.update=true)");
    }
  }
}

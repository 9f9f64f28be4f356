package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What {@link Fluxion#explain} says, as text; {@code -Dfluxion.golden.update=true} writes the files
 * anew.
 */
class ExplainTest {
  @Test
  void straightLine() throws IOException {
    Golden.check("explain-straight.txt", Fluxion.explain(Explained::straight, 1.0, 2.0).toString());
  }

  @Test
  void branch() throws IOException {
    Golden.check("explain-branch.txt", Fluxion.explain(Explained::branch, 1.0).toString());
  }

  @Test
  void loop() throws IOException {
    Golden.check("explain-loop.txt", Fluxion.explain(Explained::loop, 1.0).toString());
  }

  @Test
  void call() throws IOException {
    Golden.check("explain-call.txt", Fluxion.explain(Explained::call, 1.0).toString());
  }

  @Test
  void mutation() throws IOException {
    Golden.check("explain-mutate.txt", Fluxion.explain(Explained::mutate).toString());
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
}

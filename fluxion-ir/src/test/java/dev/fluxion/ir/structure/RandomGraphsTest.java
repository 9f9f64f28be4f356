package dev.fluxion.ir.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.interpret.Interpreter;
import dev.fluxion.ir.interpret.StructuredInterpreter;
import dev.fluxion.ir.text.Printer;
import dev.fluxion.ir.verify.Verifier;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Graphs that no compiler makes are made reducible and structured, and do the same.
 *
 * <p>Others come from {@code -Dfluxion.graphs.seed}, more with {@code -Dfluxion.graphs.count}.
 */
class RandomGraphsTest {
  private static final long SEED = Long.getLong("fluxion.graphs.seed", 1);
  private static final int COUNT = Integer.getInteger("fluxion.graphs.count", 1000);
  private static final int STEPS = 40;

  private static String outcome(Body body, boolean isStructured) {
    Function function =
        new Function("random", RandomGraph.TYPE, RandomGraphsTest.class, () -> body);
    int[] counter = {STEPS};
    String result;
    try {
      result =
          String.valueOf(
              isStructured
                  ? new StructuredInterpreter().call(function, counter)
                  : new Interpreter().call(function, counter));
    } catch (Throwable e) {
      result = e.getClass().getName();
    }
    return result + ", " + counter[0];
  }

  @Test
  void structuredGraphsDoTheSame() {
    int split = 0;
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      Random random = new Random(SEED * 1_000_003 + i);
      Body body = Verifier.verify(RandomGraph.of(random, 1 + random.nextInt(8), random.nextInt(3)));
      try {
        Body reducible = Verifier.verify(Reducible.of(body));
        assertTrue(Loops.withHandlers(reducible, Dominators.of(reducible)).isReducible());
        split += reducible == body ? 0 : 1;
        String expected = outcome(body, false);
        assertEquals(expected, outcome(reducible, false), () -> Printer.print(body));
        assertEquals(
            expected,
            outcome(body, true),
            () -> Printer.print(body) + StructuredText.of(Structuring.of(body)));
      } catch (IrreducibleException e) {
        refused++;
      }
    }
    assertTrue(split > COUNT / 10, split + " of " + COUNT + " graphs were split");
    assertTrue(refused < COUNT / 10, refused + " of " + COUNT + " graphs were refused");
  }

  @Test
  void aGraphThatGrowsTooMuchIsRefusedWithItsLine() {
    Body body = RandomGraph.of(new Random(SEED), 24, 0);
    IrreducibleException refused =
        assertThrows(IrreducibleException.class, () -> Reducible.of(body, 100));
    assertTrue(
        refused.getMessage().matches("Graphs.random\\(Graphs.java:[1-9][0-9]*\\): a cycle .*"),
        refused::getMessage);
    assertTrue(refused.location().line() > 0);
  }

  @Test
  void aReducibleBodyStaysAsItIs() {
    Body body = RandomGraph.of(new Random(SEED), 1, 0);
    assertSame(body, Reducible.of(body));
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schedule alone: every step is reversed, from the state before it, as cheaply as can be. */
class RevolveTest {
  /** A loop whose state is the number of the step that comes next. */
  private static final class Loop implements Revolve.Actions<Integer> {
    private int present;
    private int advances;

    @Override
    public Integer keep() {
      return present;
    }

    @Override
    public void restore(Integer kept) {
      present = kept;
    }

    @Override
    public void advance(int step) {
      assertEquals(step, present);
      present++;
      advances++;
    }
  }

  private static int advances(int steps, int snapshots) throws Throwable {
    Loop loop = new Loop();
    Revolve<Integer> revolve = new Revolve<>(steps, snapshots, 0);
    revolve.advance(loop);
    for (int step = steps - 1; step >= 0; step--) {
      assertEquals(step, loop.present, "reversed from the state before it");
      assertTrue(revolve.kept() <= snapshots);
      revolve.end(step);
      if (step > 0) {
        revolve.restore(loop);
        revolve.advance(loop);
      }
    }
    return loop.advances;
  }

  @Test
  void noScheduleIsCheaper() throws Throwable {
    int most = 80;
    long[][] least = new long[9][most + 1]; // by trying all splits
    for (int c = 1; c < least.length; c++) {
      for (int n = 2; n <= most; n++) {
        least[c][n] = c == 1 ? (long) n * (n - 1) / 2 : Long.MAX_VALUE;
        for (int m = 1; m < n && c > 1; m++) {
          least[c][n] = Math.min(least[c][n], m + least[c - 1][n - m] + least[c][m]);
        }
      }
    }
    for (int c = 1; c < least.length; c++) {
      for (int n = 1; n <= most; n++) {
        assertEquals(least[c][n], Revolve.advances(n, c), n + " steps, " + c + " snapshots");
        assertEquals(least[c][n], advances(n, c), n + " steps, " + c + " snapshots");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 0", "2, 1, 1", "10, 1, 45", "10, 3, 15", "20, 3, 45", "56, 5, 140"})
  void knownCounts(int steps, int snapshots, long advances) throws Throwable {
    assertEquals(advances, Revolve.advances(steps, snapshots));
    assertEquals(advances, advances(steps, snapshots));
  }

  @Test
  void manySteps() throws Throwable {
    assertEquals(Revolve.advances(100_000, 20), advances(100_000, 20));
    assertEquals(0, Revolve.advances(1, 7));
    assertEquals(99_999, Revolve.advances(100_000, 100_000));
    assertEquals(99_999, advances(100_000, 100_000));
  }

  @Test
  void binomialCoefficients() {
    assertEquals(1, Revolve.beta(5, 0));
    assertEquals(56, Revolve.beta(5, 3));
    assertEquals(1, Revolve.beta(0, 9));
    assertTrue(Revolve.beta(1000, 1000) > Integer.MAX_VALUE);
    assertEquals(38, Revolve.snapshots(10_000, 3));
    assertTrue(
        Arrays.equals(
            new int[] {1, 1}, new int[] {Revolve.snapshots(1, 3), Revolve.snapshots(4, 3)}));
  }
}

package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Progress is a bar that is drawn over on a terminal, and a plain line an epoch elsewhere. */
class ProgressTest {
  private static String shown(Function<PrintStream, Progress> progress) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Progress shown = progress.apply(out)) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        for (int batch = 1; batch <= 4; batch++) {
          shown.afterBatch(epoch, batch, 3.0 / batch);
        }
        shown.after(new Epoch(epoch, 0.75, OptionalDouble.of(0.5), 4, Duration.ofMillis(500)));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void linesArePlain() {
    assertEquals(
        """
        epoch 1/3  loss 0.7500  accuracy 0.5000  8.0 batches/s  1.0 s left
        epoch 2/3  loss 0.7500  accuracy 0.5000  8.0 batches/s  0.5 s left
        """,
        shown(out -> new Progress.Lines(3, out)).replace(System.lineSeparator(), "\n"));
  }

  @Test
  void barsEndWithLossAndAccuracy() {
    String text = shown(out -> new Progress.Bars(3, 4, out));
    assertTrue(text.contains("\repoch 2/3"), text);
    assertFalse(text.contains("\u001b"), text);
    for (String line : text.stripTrailing().split(System.lineSeparator(), -1)) {
      String last = line.substring(line.lastIndexOf('\r') + 1);
      assertTrue(
          last.matches("epoch [12]/3 +100% .*4/4 .*loss 0\\.7500  accuracy 0\\.5000 *"), last);
      assertTrue(last.length() < 80, last);
    }
  }
}

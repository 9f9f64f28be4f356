package dev.fluxion.nn;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how a training goes. */
interface Progress extends AutoCloseable {
  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void afterBatch(int epoch, int batch, double loss) {}

        @Override
        public void after(Epoch epoch) {}
      };

  /** A batch is done; the loss is the mean so far. */
  void afterBatch(int epoch, int batch, double loss);

  /** An epoch is done. */
  void after(Epoch epoch);

  @Override
  default void close() {}

  /**
   * Bars on a terminal, else lines.
   *
   * @param batches how many batches an epoch has, or -1 if that is not known
   */
  static Progress onOutput(int epochs, int batches) {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && !"dumb".equals(System.getenv("TERM"));
    return isTerminal ? new Bars(epochs, batches, System.out) : new Lines(epochs, System.out);
  }

  private static String numbers(double loss, Epoch epoch) {
    return String.format(Locale.ROOT, "loss %.4f", loss)
        + (epoch.accuracy().isPresent()
            ? String.format(Locale.ROOT, "  accuracy %.4f", epoch.accuracy().getAsDouble())
            : "");
  }

  /** A bar for each epoch, drawn again and again in its line. */
  final class Bars implements Progress {
    private static final int WIDTH = 79; // of the narrowest terminals, less one against wrapping

    private final int epochs;
    private final int batches;
    private final PrintStream out;
    private @Nullable ProgressBar bar;

    Bars(int epochs, int batches, PrintStream out) {
      this.epochs = epochs;
      this.batches = batches;
      this.out = out;
    }

    @Override
    public void afterBatch(int epoch, int batch, double loss) {
      ProgressBar current = bar == null ? open(epoch) : bar;
      current.stepTo(batch).setExtraMessage(String.format(Locale.ROOT, " loss %.4f", loss));
    }

    private ProgressBar open(int epoch) {
      boolean isUnicode = Charset.forName("UTF-8").equals(out.charset());
      bar =
          ProgressBar.builder()
              .setTaskName(String.format(Locale.ROOT, "epoch %d/%d", epoch, epochs))
              .setInitialMax(batches)
              .setStyle(isUnicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .showSpeed()
              .setConsumer(new DelegatingProgressBarConsumer(s -> out.print("\r" + s), WIDTH))
              .build();
      return bar;
    }

    @Override
    public void after(Epoch epoch) {
      if (bar != null) {
        bar.setExtraMessage(" " + numbers(epoch.loss(), epoch));
      }
      close();
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
        out.println();
      }
    }
  }

  /** A line for each epoch, without control characters. */
  final class Lines implements Progress {
    private final int epochs;
    private final PrintStream out;
    private double seconds;

    Lines(int epochs, PrintStream out) {
      this.epochs = epochs;
      this.out = out;
    }

    @Override
    public void afterBatch(int epoch, int batch, double loss) {}

    @Override
    public void after(Epoch epoch) {
      double spent = epoch.time().toNanos() * 1e-9;
      seconds += spent;
      double left = seconds / epoch.number() * (epochs - epoch.number());
      out.println(
          String.format(
              Locale.ROOT,
              "epoch %d/%d  %s  %.1f batches/s  %.1f s left",
              epoch.number(),
              epochs,
              numbers(epoch.loss(), epoch),
              epoch.batches() / spent,
              left));
    }
  }
}

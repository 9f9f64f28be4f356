package dev.fluxion.bench;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.DType;
import dev.fluxion.tensor.NativeMath;
import dev.fluxion.tensor.Tensor;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * {@code fluxion roofline}: what products, convolutions and element-wise kernels reach of this
 * machine's arithmetic and of its memory (Williams, Waterman and Patterson, 2009), as a table in
 * Markdown.
 *
 * <p>The two roofs are measured first, on all cores: fused multiplications and additions in
 * registers, and {@code a = b + s c} on arrays that no cache holds.
 */
final class Roofline {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int STREAM = 1 << 24;
  private static final int ELEMENTS = 1 << 22;
  private static final int STEPS = 1000;

  /** So many chains keep two units busy that take four cycles each. */
  private static final int CHAINS = 12;

  @SuppressWarnings("unused") // written, so that no result is dead
  private static volatile @Nullable Object sink;

  private final double seconds;
  private final PrintStream out;
  private final double peak;
  private final double bandwidth;

  Roofline(double seconds, PrintStream out) throws Exception {
    this.seconds = seconds;
    this.out = out;
    this.peak = peak();
    this.bandwidth = bandwidth();
  }

  /** Arguments: the seconds for each kernel, 1 if there is none. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    new Roofline(arguments.length == 0 ? 1 : Double.parseDouble(arguments[0]), out).print();
  }

  void print() {
    out.println(NativeMath.description());
    out.printf(
        Locale.ROOT,
        "%nOn %d cores %.0f GFLOP/s of float32 in registers, %.1f GB/s of memory.%n%n",
        CORES,
        peak,
        bandwidth);
    out.println("| kernel | ms | GFLOP/s | of the peak | GB/s | of the bandwidth |");
    out.println("|---|--:|--:|--:|--:|--:|");
    products();
    convolutions();
    elements();
  }

  private void products() {
    for (int size : new int[] {64, 256, 1024}) {
      product(DType.FLOAT32, size, size, size);
    }
    product(DType.FLOAT32, 1024, 512, 512);
    product(DType.FLOAT32, 64, 256, 784);
    product(DType.FLOAT64, 1024, 1024, 1024);
  }

  private void product(DType type, int rows, int columns, int inner) {
    Tensor a = Tensor.uniform(1, -1, 1, rows, inner).cast(type);
    Tensor b = Tensor.uniform(2, -1, 1, inner, columns).cast(type);
    String name = "matmul " + type + " " + rows + " × " + inner + " × " + columns;
    double size = (double) rows * inner + (double) inner * columns + (double) rows * columns;
    line(name, 2.0 * rows * columns * inner, size * type.bytes(), () -> a.matmul(b));
  }

  private void convolutions() {
    convolution(32, 16, 32, 16, 3);
    convolution(32, 64, 8, 64, 3);
    convolution(8, 64, 56, 64, 3);
    convolution(8, 256, 14, 256, 1);
  }

  private void convolution(int batch, int channels, int side, int out, int width) {
    Tensor x = Tensor.uniform(1, -1, 1, batch, channels, side, side);
    Tensor k = Tensor.uniform(2, -1, 1, out, channels, width, width);
    int padding = width / 2;
    double work = 2.0 * batch * out * side * side * channels * width * width;
    double size = (double) batch * (channels + out) * side * side + k.size();
    String name =
        "conv " + width + " × " + width + ", " + batch + " images of " + channels + " × " + side;
    line(name, work, size * Float.BYTES, () -> x.conv2d(k, 1, padding));
    line(
        name + ", with both cotangents",
        3 * work,
        3 * size * Float.BYTES,
        () -> Grad.gradient((a, b) -> a.conv2d(b, 1, padding).sum(), x, k));
  }

  private void elements() {
    Tensor x = Tensor.uniform(1, -1, 1, ELEMENTS);
    Tensor y = Tensor.uniform(2, -1, 1, ELEMENTS);
    double size = (double) ELEMENTS * Float.BYTES;
    line("x + y", ELEMENTS, 3 * size, () -> x.plus(y));
    line("sum of x", ELEMENTS, size, x::sum);
    line("exp x", 0, 2 * size, x::exp);
    line("tanh x", 0, 2 * size, x::tanh);
    // a map is computed when it is asked for, and written only where more than its sum is
    line(
        "sum of a map of x / (1 + exp(-x))",
        0,
        size,
        () -> Tensor.map(v -> v / (1 + Math.exp(-v)), x).sum());
    line(
        "its gradient",
        0,
        2 * size,
        () -> Grad.gradient(a -> Tensor.map(v -> v / (1 + Math.exp(-v)), a).sum(), x));
  }

  private void line(String name, double work, double bytes, Callable<?> kernel) {
    double time = time(kernel);
    String rate =
        work == 0
            ? " | "
            : String.format(
                Locale.ROOT, "%.1f | %.0f %%", work / time / 1e9, 100 * work / time / 1e9 / peak);
    out.printf(
        Locale.ROOT,
        "| %s | %.3f | %s | %.1f | %.0f %% |%n",
        name,
        time * 1e3,
        rate,
        bytes / time / 1e9,
        100 * bytes / time / 1e9 / bandwidth);
  }

  /** Seconds for a kernel once: the median of the second half of the time. */
  private double time(Callable<?> kernel) {
    List<Double> times = new ArrayList<>();
    long begin = System.nanoTime();
    while (times.size() < 4 || System.nanoTime() - begin < seconds * 1e9) {
      long start = System.nanoTime();
      run(kernel);
      times.add((System.nanoTime() - start) / 1e9);
    }
    return Statistics.median(times.subList(times.size() / 2, times.size()));
  }

  private static void run(Callable<?> kernel) {
    try {
      sink = kernel.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // ---------------------------------------------------------------- the roofs

  /** In longer and longer loops, as compilers get at them. */
  private double peak() throws Exception {
    double best = 0;
    int steps = STEPS;
    for (long begin = System.nanoTime(); ; steps = Math.min(2 * steps, 1 << 24)) {
      int now = steps;
      double work = 2.0 * now * CHAINS * FloatVector.SPECIES_PREFERRED.length();
      best = Math.max(best, best(work, 1, core -> multiplyAndAdd(now, core)) / 1e9);
      if (System.nanoTime() - begin > 3 * seconds * 1e9) {
        return best;
      }
    }
  }

  private double bandwidth() throws Exception {
    float[] a = new float[STREAM];
    float[] b = new float[STREAM];
    float[] c = new float[STREAM];
    double bytes = 3.0 * Float.BYTES * STREAM / CORES;
    return best(
            bytes,
            3 + (int) (20 * seconds),
            core -> {
              int from = (int) ((long) STREAM * core / CORES);
              int to = (int) ((long) STREAM * (core + 1) / CORES);
              for (int i = from; i < to; i++) {
                a[i] = b[i] + 3 * c[i];
              }
              return a[from];
            })
        / 1e9;
  }

  /** What a core does. */
  private interface Part {
    double run(int core);
  }

  /** The most that all cores do together in a second, where each does so much at a time. */
  private static double best(double work, int rounds, Part part) throws Exception {
    double best = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(CORES)) {
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        List<Callable<Double>> parts = new ArrayList<>();
        for (int core = 0; core < CORES; core++) {
          int index = core;
          parts.add(() -> part.run(index));
        }
        for (Future<Double> done : threads.invokeAll(parts)) {
          sink = done.get();
        }
        best = Math.max(best, CORES * work / ((System.nanoTime() - start) / 1e9));
      }
    }
    return best;
  }

  private static double multiplyAndAdd(int steps, int seed) {
    var species = FloatVector.SPECIES_PREFERRED;
    FloatVector factor = FloatVector.broadcast(species, 0.999f);
    FloatVector term = FloatVector.broadcast(species, 1e-3f * (seed + 1));
    FloatVector a = term;
    FloatVector b = a.add(1);
    FloatVector c = a.add(2);
    FloatVector d = a.add(3);
    FloatVector e = a.add(4);
    FloatVector f = a.add(5);
    FloatVector g = a.add(6);
    FloatVector h = a.add(7);
    FloatVector i = a.add(8);
    FloatVector j = a.add(9);
    FloatVector k = a.add(10);
    FloatVector l = a.add(11);
    for (int step = 0; step < steps; step++) {
      a = a.fma(factor, term);
      b = b.fma(factor, term);
      c = c.fma(factor, term);
      d = d.fma(factor, term);
      e = e.fma(factor, term);
      f = f.fma(factor, term);
      g = g.fma(factor, term);
      h = h.fma(factor, term);
      i = i.fma(factor, term);
      j = j.fma(factor, term);
      k = k.fma(factor, term);
      l = l.fma(factor, term);
    }
    FloatVector first = a.add(b).add(c).add(d).add(e).add(f);
    return first.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }
}

package dev.fluxion.bench.micro;

import dev.fluxion.bench.Inputs;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Pair;
import dev.fluxion.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Convolutions of a batch of 16 square images, 32 pixels wide, with as many channels in as out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ConvolutionBenchmark {
  /** Channels in and out. */
  @Param({"3", "16", "64"})
  public int channels;

  /** Height and width of the kernels. */
  @Param({"1", "3", "5"})
  public int window;

  private Tensor images = Tensor.zeros();
  private Tensor kernels = Tensor.zeros();

  /** Fills images and kernels. */
  @Setup
  public void fill() {
    images = Inputs.tensor(1, 16, channels, 32, 32);
    kernels = Inputs.tensor(2, channels, channels, window, window);
  }

  /** The convolution. */
  @Benchmark
  public Tensor forward() {
    return images.conv2d(kernels);
  }

  /** The convolution and the gradient of its sum in images and kernels. */
  @Benchmark
  public Pair<Tensor, Tensor> gradient() {
    return Grad.gradient((x, k) -> x.conv2d(k).sum(), images, kernels);
  }
}

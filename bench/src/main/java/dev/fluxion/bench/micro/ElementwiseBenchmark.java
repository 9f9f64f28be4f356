package dev.fluxion.bench.micro;

import dev.fluxion.bench.Inputs;
import dev.fluxion.grad.Grad;
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

/** Operations that go through tensors element by element, of float32. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ElementwiseBenchmark {
  /** The number of elements. */
  @Param({"16", "4096", "1048576"})
  public int size;

  private Tensor a = Tensor.zeros();
  private Tensor b = Tensor.zeros();
  private Tensor rows = Tensor.zeros();
  private Tensor row = Tensor.zeros();

  /** Fills the tensors. */
  @Setup
  public void fill() {
    a = Inputs.tensor(1, size);
    b = Inputs.tensor(2, size);
    rows = a.reshape(-1, 16);
    row = Inputs.tensor(3, 16);
  }

  /** The sum of two tensors of one shape. */
  @Benchmark
  public Tensor plus() {
    return a.plus(b);
  }

  /** The sum with a row that is stretched. */
  @Benchmark
  public Tensor plusRow() {
    return rows.plus(row);
  }

  /** The hyperbolic tangent. */
  @Benchmark
  public Tensor tanh() {
    return a.tanh();
  }

  /** The sum of all elements. */
  @Benchmark
  public Tensor sum() {
    return a.sum();
  }

  /** The gradient of a chain of operations. */
  @Benchmark
  public Tensor chainGradient() {
    return Grad.gradient(x -> x.times(b).tanh().times(x.sigmoid()).sum(), a);
  }

  /** Swish made of operations. */
  @Benchmark
  public Tensor swish() {
    return a.times(a.sigmoid());
  }

  /** Swish as a user writes it. */
  @Benchmark
  public Tensor swishMapped() {
    return Tensor.map(v -> v / (1 + Math.exp(-v)), a);
  }

  /** The gradient of swish made of operations. */
  @Benchmark
  public Tensor swishGradient() {
    return Grad.gradient(x -> x.times(x.sigmoid()).sum(), a);
  }

  /** The gradient of swish as a user writes it. */
  @Benchmark
  public Tensor swishMappedGradient() {
    return Grad.gradient(x -> Tensor.map(v -> v / (1 + Math.exp(-v)), x).sum(), a);
  }
}

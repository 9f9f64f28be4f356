package dev.fluxion.bench.micro;

import dev.fluxion.bench.Inputs;
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

/** Products of square matrices of float32. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MatrixProductBenchmark {
  /** Rows and columns. */
  @Param({"4", "32", "128", "512", "1024"})
  public int size;

  private Tensor a = Tensor.zeros();
  private Tensor b = Tensor.zeros();

  /** Fills the matrices. */
  @Setup
  public void fill() {
    a = Inputs.tensor(1, size, size);
    b = Inputs.tensor(2, size, size);
  }

  /** The product. */
  @Benchmark
  public Tensor product() {
    return a.matmul(b);
  }
}

package dev.fluxion.bench.micro;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the compiler's stages cost for {@link Subject}, when the compiler itself is warm. The
 * derivation is what {@link #firstGradient} takes beyond two emissions and a lift.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class CompilerBenchmark {
  private static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double, ConstantDescs.CD_int);

  private final Body lifted = Lifter.lift(Subject.class, "energy", TYPE);
  private final Scalar1 compiled = new Subject();

  /** A class that the compiler has not seen, made outside of what is timed. */
  @State(Scope.Thread)
  public static class Fresh {
    private Class<?> host = Subject.class;
    private Scalar1 function = new Subject();

    /** Loads the class. */
    @Setup(Level.Invocation)
    public void load() {
      function = Subject.freshFunction();
      host = function.getClass();
    }
  }

  /** From the class file to the intermediate representation. */
  @Benchmark
  public Body lift() {
    return Lifter.lift(Subject.class, "energy", TYPE);
  }

  /** The passes that make a body simple. */
  @Benchmark
  public Body simplify() {
    return Simplify.simplify(lifted);
  }

  /** From the intermediate representation to a method that runs. */
  @Benchmark
  public MethodHandle emit(Fresh unseen) {
    return Compiler.INSTANCE.link(new Function("energy", TYPE, unseen.host, () -> lifted));
  }

  /** The first gradient of code that has never been seen: lift, derive, emit, link and run. */
  @Benchmark
  public double firstGradient(Fresh unseen) {
    return Grad.gradient(unseen.function, 1.5);
  }

  /** A gradient when it has been compiled. */
  @Benchmark
  public double laterGradient() {
    return Grad.gradient(compiled, 1.5);
  }

  /** The first gradient in a JVM. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(10)
  public double coldGradient() {
    return Grad.gradient(compiled, 1.5);
  }
}

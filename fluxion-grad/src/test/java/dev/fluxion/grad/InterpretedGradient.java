package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.grad.runtime.Tape;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.interpret.Interpreter;
import java.lang.constant.MethodTypeDesc;
import java.util.Objects;

/** Gradients whose two sweeps are not compiled, but executed by the interpreter of the IR. */
public final class InterpretedGradient {
  private static final MethodTypeDesc METHOD = MethodTypeDesc.of(CD_Object, CD_Object);

  private InterpretedGradient() {}

  /** The value of a function and its gradient. */
  public static ValueAndGradient<double[]> of(Fn1<double[], Double> f, double[] x) {
    Function function = Functional.of(f, METHOD);
    Derived derived = Derivations.of(function, new boolean[] {false, true}, true);
    Interpreter interpreter = new Interpreter();
    Tape tape = Tape.acquire();
    try {
      double[] shadow = (double[]) Objects.requireNonNull(tape.shadowOf(x));
      double value =
          (double) Objects.requireNonNull(interpreter.call(derived.forward(), f, x, shadow, tape));
      interpreter.call(derived.reverse(), tape, 1.0);
      return new ValueAndGradient<>(value, shadow);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    } finally {
      tape.release();
    }
  }
}

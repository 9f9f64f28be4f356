package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Function;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;

/**
 * A function that runs steps, of which a few states in between are kept for the reverse sweep.
 *
 * @param steps how many
 * @param snapshots how many states are kept at a time
 * @param step leads from a state to the next
 */
record Iteration<T>(int steps, int snapshots, Fn1<T, T> step) implements Checkpointed, Fn1<T, T> {
  static {
    MethodTypeDesc method = MethodTypeDesc.of(CD_Object, CD_Object);
    Function all = Methods.function(new Declared(Iteration.class, "apply", method));
    Function one = Methods.function(new Declared(Iteration.class, "next", method));
    Handwritten.give(all, Recomputing.ofSteps(all, one));
  }

  Iteration {
    if (steps < 0 || snapshots < 1) {
      throw new IllegalArgumentException(
          "a loop has no fewer than 0 steps and keeps at least 1 state, not "
              + steps
              + " and "
              + snapshots);
    }
  }

  @Override
  public T apply(T start) {
    T state = start;
    for (int i = 0; i < steps; i++) {
      state = next(state);
    }
    return state;
  }

  @Override
  public Serializable f() {
    return step;
  }

  T next(T state) {
    return step.apply(state);
  }
}

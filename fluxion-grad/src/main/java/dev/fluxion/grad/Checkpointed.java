package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Function;
import java.io.Serializable;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;

/**
 * Functions of which nothing is kept for the reverse sweep but what they start from. They do what
 * the function does; only their derivative is another.
 */
interface Checkpointed extends Serializable {
  /** The function that is run again. */
  Serializable f();

  /** A function of one argument. */
  record Of1<A, R>(Fn1<A, R> f) implements Checkpointed, Fn1<A, R> {
    static {
      give(Of1.class, CD_Object, 1);
    }

    @Override
    public R apply(A a) {
      return f.apply(a);
    }
  }

  /** A function of two arguments. */
  record Of2<A, B, R>(Fn2<A, B, R> f) implements Checkpointed, Fn2<A, B, R> {
    static {
      give(Of2.class, CD_Object, 2);
    }

    @Override
    public R apply(A a, B b) {
      return f.apply(a, b);
    }
  }

  /** A function of three arguments. */
  record Of3<A, B, C, R>(Fn3<A, B, C, R> f) implements Checkpointed, Fn3<A, B, C, R> {
    static {
      give(Of3.class, CD_Object, 3);
    }

    @Override
    public R apply(A a, B b, C c) {
      return f.apply(a, b, c);
    }
  }

  /** A function of four arguments. */
  record Of4<A, B, C, D, R>(Fn4<A, B, C, D, R> f) implements Checkpointed, Fn4<A, B, C, D, R> {
    static {
      give(Of4.class, CD_Object, 4);
    }

    @Override
    public R apply(A a, B b, C c, D d) {
      return f.apply(a, b, c, d);
    }
  }

  /** A function of a number. */
  record OfNumber(Scalar1 f) implements Checkpointed, Scalar1 {
    static {
      give(OfNumber.class, CD_double, 1);
    }

    @Override
    public double apply(double x) {
      return f.apply(x);
    }
  }

  /** A function of two numbers. */
  record Of2Numbers(Scalar2 f) implements Checkpointed, Scalar2 {
    static {
      give(Of2Numbers.class, CD_double, 2);
    }

    @Override
    public double apply(double x, double y) {
      return f.apply(x, y);
    }
  }

  /** A function of three numbers. */
  record Of3Numbers(Scalar3 f) implements Checkpointed, Scalar3 {
    static {
      give(Of3Numbers.class, CD_double, 3);
    }

    @Override
    public double apply(double x, double y, double z) {
      return f.apply(x, y, z);
    }
  }

  private static void give(Class<?> type, ClassDesc argument, int arguments) {
    MethodTypeDesc method = MethodTypeDesc.of(argument, Collections.nCopies(arguments, argument));
    Function function = Methods.function(new Declared(type, "apply", method));
    Handwritten.give(function, Recomputing.of(function));
  }
}

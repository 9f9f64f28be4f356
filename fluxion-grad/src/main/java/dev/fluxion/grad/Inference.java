package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;

/** Functions that run as {@link InferenceCode}, and are differentiated as what they were. */
interface Inference extends Serializable {
  /** The function as it was. */
  Serializable f();

  /** A function of one argument. */
  record Of1<A, R>(Fn1<A, R> f) implements Inference, Fn1<A, R> {
    private static final MethodTypeDesc TYPE = type(1);

    @Override
    @SuppressWarnings("unchecked")
    public R apply(A a) {
      if (Grad.isTraining()) { // so it is in the code of derivatives
        return f.apply(a);
      }
      try {
        return (R) (Object) InferenceCode.of(f, TYPE).invokeExact((Object) f, (Object) a);
      } catch (Throwable e) {
        throw Grad.unchecked(e);
      }
    }
  }

  /** A function of two arguments. */
  record Of2<A, B, R>(Fn2<A, B, R> f) implements Inference, Fn2<A, B, R> {
    private static final MethodTypeDesc TYPE = type(2);

    @Override
    @SuppressWarnings("unchecked")
    public R apply(A a, B b) {
      if (Grad.isTraining()) {
        return f.apply(a, b);
      }
      try {
        return (R)
            (Object) InferenceCode.of(f, TYPE).invokeExact((Object) f, (Object) a, (Object) b);
      } catch (Throwable e) {
        throw Grad.unchecked(e);
      }
    }
  }

  /** A function of three arguments. */
  record Of3<A, B, C, R>(Fn3<A, B, C, R> f) implements Inference, Fn3<A, B, C, R> {
    private static final MethodTypeDesc TYPE = type(3);

    @Override
    @SuppressWarnings("unchecked")
    public R apply(A a, B b, C c) {
      if (Grad.isTraining()) {
        return f.apply(a, b, c);
      }
      try {
        return (R)
            (Object)
                InferenceCode.of(f, TYPE)
                    .invokeExact((Object) f, (Object) a, (Object) b, (Object) c);
      } catch (Throwable e) {
        throw Grad.unchecked(e);
      }
    }
  }

  private static MethodTypeDesc type(int arguments) {
    return MethodTypeDesc.of(CD_Object, Collections.nCopies(arguments, CD_Object));
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;

import dev.fluxion.grad.runtime.Tangents;
import java.lang.constant.MethodTypeDesc;

/** Forward mode. */
final class Forward {
  private static final MethodTypeDesc SCALAR_1 = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc FN_1 = MethodTypeDesc.of(CD_Object, CD_Object);

  private Forward() {}

  static double derivative(Scalar1 f, double x) {
    Tangents tangents = Tangents.in(1);
    try {
      double unused =
          (double) Pushforwards.of(f, SCALAR_1).invokeExact((Object) f, x, 1.0, tangents);
      return tangents.number;
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  @SuppressWarnings("unchecked")
  static <A, R> ValueAndTangent<R> jvp(Fn1<A, R> f, A x, A dx) {
    Tangents tangents = Tangents.in(1);
    Object shadow = TangentStructure.shadow(x, dx, tangents, 0);
    try {
      Object value =
          (Object) Pushforwards.of(f, FN_1).invokeExact((Object) f, (Object) x, shadow, tangents);
      return new ValueAndTangent<>(
          (R) value, (R) Structure.gradient(value, tangents.reference));
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }
}

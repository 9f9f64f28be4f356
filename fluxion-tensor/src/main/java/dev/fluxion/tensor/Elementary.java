package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.lift.Lifter;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The code of the methods of {@link FloatMath} and {@link DoubleMath}. */
final class Elementary {
  private static final ClassDesc FLOATS = FloatMath.class.describeConstable().orElseThrow();
  private static final ClassDesc DOUBLES = DoubleMath.class.describeConstable().orElseThrow();

  private static final Set<String> REINTERPRETING =
      Set.of("floatToRawIntBits", "intBitsToFloat", "doubleToRawLongBits", "longBitsToDouble");

  private static final Map<MethodRef, Body> BODIES = new ConcurrentHashMap<>();

  private Elementary() {}

  static MethodRef method(String name, boolean isFloat32, int arity) {
    ClassDesc number = isFloat32 ? CD_float : CD_double;
    MethodTypeDesc type = MethodTypeDesc.of(number, Collections.nCopies(arity, number));
    return MethodRef.ofStatic(isFloat32 ? FLOATS : DOUBLES, name, type);
  }

  static boolean isOwn(MethodRef method) {
    return method.owner().equals(FLOATS) || method.owner().equals(DOUBLES);
  }

  /** Whether a method of the platform takes the bits of a number for another. */
  static boolean isReinterpreting(MethodRef method) {
    return REINTERPRETING.contains(method.name());
  }

  /** The method that is as good for moderate arguments, where one for all has no vector form. */
  static @Nullable MethodRef moderate(MethodRef method) {
    return switch (method.name()) {
      case "sin" -> MethodRef.ofStatic(method.owner(), "sineOfModerate", method.type());
      case "cos" -> MethodRef.ofStatic(method.owner(), "cosineOfModerate", method.type());
      default -> null;
    };
  }

  static Body body(MethodRef method) {
    return BODIES.computeIfAbsent(method, Elementary::lifted);
  }

  private static Body lifted(MethodRef method) {
    Class<?> owner = method.owner().equals(FLOATS) ? FloatMath.class : DoubleMath.class;
    return Lifter.lift(owner, method.name(), method.type());
  }
}

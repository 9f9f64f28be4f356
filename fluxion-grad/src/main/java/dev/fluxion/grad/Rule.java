package dev.fluxion.grad;

import dev.fluxion.ir.MethodRef;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a method: for each argument, how a cotangent of the result becomes one of the
 * argument, and how a tangent of the argument becomes one of the result; null where the derivative
 * is zero or not of that kind.
 *
 * @param arguments the pullback in each argument
 * @param tangents the pushforward in each argument, where one is declared: takes the arguments, the
 *     result and the argument's tangent
 */
record Rule(List<@Nullable Vjp> arguments, List<@Nullable Vjp> tangents) {
  Rule(List<@Nullable Vjp> arguments) {
    this(arguments, Collections.nCopies(arguments.size(), null));
  }

  /**
   * The pullback in one argument, or the pushforward: takes the method's arguments, its result and
   * the result's cotangent or the argument's tangent.
   *
   * @param method the static method to call, or null when a handle is called
   * @param handle the handle to call, for code out of reach of names
   * @param type the parameters' and the result's types
   * @param reads which of the parameters are read
   */
  record Vjp(
      @Nullable MethodRef method,
      @Nullable MethodHandle handle,
      MethodTypeDesc type,
      boolean[] reads) {
    /** Whether it takes a number to a number: it multiplies by the partial derivative. */
    boolean isBetweenNumbers() {
      return type.returnType().isPrimitive()
          && type.parameterType(type.parameterCount() - 1).isPrimitive();
    }
  }

  /** Whether the result depends on an argument: whether it has a derivative of either kind. */
  boolean depends(int index) {
    return arguments.get(index) != null || tangents.get(index) != null;
  }

  /** The pullback in an argument; between numbers a pushforward is the same multiplication. */
  @Nullable Vjp pullback(int index) {
    Vjp own = arguments.get(index);
    return own == null ? betweenNumbers(tangents.get(index)) : own;
  }

  /** The pushforward in an argument; between numbers a pullback is the same multiplication. */
  @Nullable Vjp pushforward(int index) {
    Vjp own = tangents.get(index);
    return own == null ? betweenNumbers(arguments.get(index)) : own;
  }

  private static @Nullable Vjp betweenNumbers(@Nullable Vjp given) {
    return given != null && given.isBetweenNumbers() ? given : null;
  }
}

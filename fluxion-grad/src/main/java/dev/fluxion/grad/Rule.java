package dev.fluxion.grad;

import dev.fluxion.ir.MethodRef;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a method: for each argument, how a cotangent of the result becomes one of the
 * argument; null where the derivative is zero.
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
   * The pullback in one argument: takes the method's arguments, its result and the result's
   * cotangent, or the cotangent alone.
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
      boolean[] reads) {}

  @Nullable Vjp argument(int index) {
    return arguments.get(index);
  }

  @Nullable Vjp pushforward(int index) {
    return tangents.get(index);
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions behind method handles that generated code calls, so that it can be derived too; and
 * behind those that the user's constants hold.
 */
final class Handles {
  private static final Map<MethodHandle, WeakReference<Function>> FUNCTIONS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Handles() {}

  /** Says which function a handle runs; the function lives as long as something else holds it. */
  static void register(MethodHandle handle, Function function) {
    FUNCTIONS.put(handle, new WeakReference<>(function));
  }

  /** The function that a handle runs, or null when it is none of ours. */
  static @Nullable Function function(MethodHandle handle) {
    WeakReference<Function> found = FUNCTIONS.get(handle);
    return found == null ? null : found.get();
  }

  /** The function that a handle runs, as one that takes the handle itself first. */
  static Function called(MethodHandle handle, MethodTypeDesc type) {
    Function function = function(handle);
    if (function == null) {
      throw new GradientException("the code behind a method handle cannot be found");
    }
    return new Function(
        function.name(), type, function.host(), () -> call(function, type, function.name()));
  }

  private static Body call(Function function, MethodTypeDesc type, String name) {
    Body.Builder builder = new Body.Builder(name, type);
    BlockBuilder block = builder.entry();
    List<Value> arguments = new ArrayList<>();
    for (int i = 1; i < type.parameterCount(); i++) {
      ClassDesc wanted = function.type().parameterType(i - 1);
      Value given = block.block().parameters().get(i);
      arguments.add(
          given.kind() == Kind.REFERENCE && !given.type().equals(wanted)
              ? block.cast(given, wanted)
              : given);
    }
    block.returns(block.apply(function, arguments));
    return builder.build();
  }

  // ---------------------------------------------------------------- handles of the user's

  /**
   * The function that does what a call of a handle of a method or constructor does, without the
   * handle; null when the handle stands for something else.
   */
  static @Nullable Function direct(MethodHandle handle, MethodTypeDesc called, Class<?> caller) {
    if (!(handle.describeConstable().orElse(null) instanceof DirectMethodHandleDesc described)
        || isOfField(described)) {
      return null;
    }
    MethodRef method = Functional.implementation(described);
    Class<?> owner = Types.of(caller).resolve(method.owner(), Location.NONE);
    Class<?> host = Carriers.isPlatform(owner) ? caller : owner; // where it may be private
    return new Function(
        "MethodHandle of " + method.owner().displayName(),
        called,
        host,
        () -> Functional.calling(method.name(), method, called));
  }

  private static boolean isOfField(DirectMethodHandleDesc handle) {
    return switch (handle.kind()) {
      case GETTER, SETTER, STATIC_GETTER, STATIC_SETTER -> true;
      default -> false;
    };
  }
}

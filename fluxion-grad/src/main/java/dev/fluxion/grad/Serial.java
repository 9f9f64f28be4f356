package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Tasks;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls that have code run on other threads. In a derivative the code runs at once and on the same
 * thread, see {@link Tasks}: then there is one order for the reverse sweep to go back through, and
 * what is computed does not depend on how threads took turns.
 */
final class Serial {
  private static final String ASYNCHRONOUS = "Async";
  private static final Types TYPES = Types.of(Serial.class);

  private Serial() {}

  /**
   * The function that does on this thread what a method has another do; null of other methods.
   *
   * @param name what the method is called
   * @param type its type, with the receiver among the parameters
   */
  static @Nullable Function function(MethodRef method, String name, MethodTypeDesc type) {
    MethodRef serial = find(method, TYPES.resolve(method.owner(), Callback.AT), type);
    return serial == null
        ? null
        : new Function(
            name,
            type,
            Foreign.class,
            () -> {
              Body.Builder builder = new Body.Builder(name, type);
              BlockBuilder block = builder.entry();
              List<Value> parameters = block.block().parameters();
              int count = serial.argumentTypes().size(); // an executor at the end is of no use
              block.returns(Foreign.run(block, serial, parameters.subList(0, count)));
              return builder.build();
            });
  }

  private static @Nullable MethodRef find(MethodRef method, Class<?> owner, MethodTypeDesc type) {
    boolean isStage = CompletionStage.class.isAssignableFrom(owner);
    if (isStage && method.dispatch() != MethodRef.Dispatch.STATIC) {
      MethodRef immediate = withoutExecutor(method, owner);
      if (immediate != null) {
        return immediate;
      }
    }
    String name = isNew(method) ? "new" + owner.getSimpleName() : method.name();
    for (Method task : Tasks.class.getMethods()) {
      if (task.getName().equals(name)
          && Modifier.isStatic(task.getModifiers())
          && isFor(task, owner, method)
          && takes(task, type, method)) {
        MethodTypeDesc taken =
            MethodType.methodType(task.getReturnType(), task.getParameterTypes())
                .describeConstable()
                .orElseThrow();
        ClassDesc tasks = Tasks.class.describeConstable().orElseThrow();
        return MethodRef.ofStatic(tasks, task.getName(), taken);
      }
    }
    return null;
  }

  private static boolean isNew(MethodRef method) {
    return method.name().equals(INIT_NAME);
  }

  private static boolean isFor(Method task, Class<?> owner, MethodRef method) {
    if (isNew(method)) {
      return task.getReturnType() == owner;
    }
    return method.dispatch() == MethodRef.Dispatch.STATIC
        ? owner == CompletableFuture.class || owner == Thread.class
        : task.getParameterTypes()[0].isAssignableFrom(owner);
  }

  private static boolean takes(Method task, MethodTypeDesc type, MethodRef method) {
    Class<?>[] parameters = task.getParameterTypes();
    if (parameters.length != type.parameterCount()
        || !isType(task.getReturnType(), type.returnType())) {
      return false;
    }
    int first = method.dispatch() == MethodRef.Dispatch.STATIC || isNew(method) ? 0 : 1;
    for (int i = first; i < parameters.length; i++) {
      if (!isType(parameters[i], type.parameterType(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isType(Class<?> type, ClassDesc described) {
    return type.descriptorString().equals(described.descriptorString());
  }

  /** {@code thenApplyAsync(f, executor)} does what {@code thenApply(f)} does. */
  private static @Nullable MethodRef withoutExecutor(MethodRef method, Class<?> owner) {
    if (!method.name().endsWith(ASYNCHRONOUS)) {
      return null;
    }
    String name = method.name().substring(0, method.name().length() - ASYNCHRONOUS.length());
    List<ClassDesc> parameters = new ArrayList<>(method.type().parameterList());
    if (isType(Executor.class, parameters.getLast())) {
      parameters.removeLast();
    }
    MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), parameters);
    return Methods.find(owner, name, type) == null
        ? null
        : new MethodRef(method.dispatch(), method.owner(), name, type, method.ownerIsInterface());
  }

  /** Whether a derivative has another form of a method, of an owner that is the platform's. */
  static boolean replaces(MethodRef method, Class<?> owner) {
    MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
    return Carriers.isPlatform(owner) && find(method, owner, type) != null;
  }
}

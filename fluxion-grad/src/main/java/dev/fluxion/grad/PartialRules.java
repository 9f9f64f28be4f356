package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Objects;

/**
 * Rules of primitives as handles. A vector's cotangent may be null, which stands for zero: then the
 * rule itself is not asked, and the result is zero, too.
 */
final class PartialRules {
  private static final MethodHandle IS_NULL;

  static {
    try {
      IS_NULL =
          MethodHandles.lookup()
              .findStatic(
                  Objects.class, "isNull", MethodType.methodType(boolean.class, Object.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private PartialRules() {}

  /**
   * The handle that generated code calls.
   *
   * @param rule the rule's own handle
   * @param method the rule's method
   * @param host the class that declares it
   */
  static MethodHandle handle(MethodHandle rule, MethodRef method, Class<?> host) {
    Class<?> last = rule.type().lastParameterType();
    boolean isVector = !last.isPrimitive() && !last.isArray();
    MethodHandle handle = isVector ? guarded(rule) : rule;
    Function function =
        new Function(
            method.owner().displayName() + "." + method.name(),
            method.type(),
            host,
            () -> isVector ? guarded(method) : called(method));
    ALIVE.get(host).add(function);
    Handles.register(handle, function);
    return handle;
  }

  /** Rules live as long as their class. */
  private static final ClassValue<List<Function>> ALIVE =
      new ClassValue<>() {
        @Override
        protected List<Function> computeValue(Class<?> type) {
          return new java.util.concurrent.CopyOnWriteArrayList<>();
        }
      };

  private static MethodHandle guarded(MethodHandle rule) {
    MethodType type = rule.type();
    int last = type.parameterCount() - 1;
    MethodHandle isNull =
        MethodHandles.dropArguments(
            IS_NULL.asType(MethodType.methodType(boolean.class, type.parameterType(last))),
            0,
            type.parameterList().subList(0, last));
    MethodHandle zero =
        MethodHandles.dropArguments(MethodHandles.zero(type.returnType()), 0, type.parameterList());
    return MethodHandles.guardWithTest(isNull, zero, rule);
  }

  private static Body called(MethodRef method) {
    Body.Builder builder = new Body.Builder(method.name(), method.type());
    BlockBuilder block = builder.entry();
    block.returns(block.call(method, block.block().parameters().toArray(new Value[0])));
    return builder.build();
  }

  private static Body guarded(MethodRef method) {
    MethodTypeDesc type = method.type();
    Body.Builder builder = new Body.Builder(method.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    ClassDesc last = type.parameterType(type.parameterCount() - 1);
    BlockBuilder zero = builder.block();
    zero.returns(zero.constant(type.returnType(), SsaBuilder.zero(type.returnType())));
    BlockBuilder call = builder.block();
    call.returns(call.call(method, parameters.toArray(new Value[0])));
    Block none = zero.block();
    block.branch(
        block.compare(Comparison.EQ, parameters.getLast(), block.nullConstant(last)),
        Successor.to(none),
        Successor.to(call.block()));
    return builder.build();
  }
}

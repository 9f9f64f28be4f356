package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.io.Serializable;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
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

  /**
   * The handle that generated code calls for a rule of the user.
   *
   * @param rule a handle of the type
   * @param type the arguments', the result's and the cotangent's types, and the type returned
   * @param source the derivative of a function of numbers, or the pullback
   */
  static MethodHandle handle(MethodHandle rule, MethodTypeDesc type, Serializable source) {
    Class<?> host = source.getClass().getNestHost();
    boolean isVector = !rule.type().lastParameterType().isPrimitive();
    MethodHandle handle =
        isVector && !rule.type().lastParameterType().isArray() ? guarded(rule) : rule;
    Function function =
        new Function(
            host.getSimpleName() + ".rule", type, host, () -> called(type, source, handle != rule));
    ALIVE.get(host).add(function);
    Handles.register(handle, function);
    return handle;
  }

  private static Body called(MethodTypeDesc type, Serializable source, boolean isGuarded) {
    int scalars =
        switch (source) {
          case Scalar1 _ -> 1;
          case Scalar2 _ -> 2;
          case Scalar3 _ -> 3;
          default -> 0;
        };
    int count = scalars > 0 ? scalars : type.parameterCount();
    ClassDesc each = scalars > 0 ? CD_double : CD_Object;
    Function code =
        Functional.value(source, MethodTypeDesc.of(each, Collections.nCopies(count, each)));
    Body.Builder builder = new Body.Builder("rule", type);
    BlockBuilder entry = builder.entry();
    List<Value> parameters = entry.block().parameters();
    BlockBuilder block = isGuarded ? builder.block() : entry;
    List<Value> arguments = new ArrayList<>();
    arguments.add(block.constant(CD_Object, source));
    for (Value parameter : parameters.subList(0, count)) {
      arguments.add(Conversions.convert(block, parameter, each));
    }
    Value result = requireNonNull(block.apply(code, arguments));
    if (scalars > 0) {
      Value last = Conversions.convert(block, parameters.getLast(), CD_double);
      MethodTypeDesc product = MethodTypeDesc.of(CD_double, CD_double, CD_double);
      result = block.call(MethodRef.ofStatic(Kept.ADJOINTS, "product", product), last, result);
    }
    block.returns(Conversions.convert(block, result, type.returnType()));
    if (isGuarded) {
      guard(builder, block.block(), type);
    }
    return builder.build();
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
    BlockBuilder call = builder.block();
    call.returns(call.call(method, parameters.toArray(new Value[0])));
    guard(builder, call.block(), type);
    return builder.build();
  }

  /** Goes to a block unless the last parameter is null, when zero is returned. */
  private static void guard(Body.Builder builder, Block otherwise, MethodTypeDesc type) {
    BlockBuilder block = builder.entry();
    Value last = block.block().parameters().getLast();
    BlockBuilder zero = builder.block();
    zero.returns(zero.constant(type.returnType(), SsaBuilder.zero(type.returnType())));
    block.branch(
        block.compare(Comparison.EQ, last, block.nullConstant(last.type())),
        Successor.to(zero.block()),
        Successor.to(otherwise));
  }
}

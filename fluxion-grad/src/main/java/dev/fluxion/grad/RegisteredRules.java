package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Adjoints;
import java.io.Serializable;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes rules of the functions that {@code Grad.rule} is given. */
final class RegisteredRules {
  private RegisteredRules() {}

  /**
   * Registers the rule of a method.
   *
   * @param method a reference to the method
   * @param pullbacks for each argument its pullback, or the partial derivative as a function of
   *     numbers; null where it is zero
   * @param pushforwards for each argument its pushforward; empty when they follow from the
   *     pullbacks
   */
  static void register(
      Serializable method,
      List<? extends @Nullable Serializable> pullbacks,
      List<? extends @Nullable Serializable> pushforwards) {
    Declared declared = declared(method);
    List<ClassDesc> arguments = Rules.arguments(declared);
    if (arguments.size() != pullbacks.size()) {
      throw new GradientException(
          "a rule for "
              + declared
              + " needs "
              + arguments.size()
              + " derivatives, one an argument");
    }
    ClassDesc result = declared.type().returnType();
    Rules.refuseObjects(declared, result);
    List<Rule.@Nullable Vjp> back = new ArrayList<>();
    List<Rule.@Nullable Vjp> forward = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      ClassDesc adjoint = Types.adjoint(arguments.get(i));
      ClassDesc adjointOfResult = Types.adjoint(result);
      back.add(part(declared, arguments, i, adjointOfResult, adjoint, pullbacks.get(i)));
      forward.add(
          pushforwards.isEmpty()
              ? null
              : part(declared, arguments, i, adjoint, adjointOfResult, pushforwards.get(i)));
    }
    Rules.register(declared, new Rule(back, forward));
  }

  private static Declared declared(Serializable method) {
    SerializedLambda lambda = Functional.serialized(method);
    try {
      Class<?> owner =
          Class.forName(
              lambda.getImplClass().replace('/', '.'), false, method.getClass().getClassLoader());
      Declared declared =
          Methods.find(
              owner,
              lambda.getImplMethodName(),
              MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature()));
      if (declared == null
          || declared.name().startsWith("lambda$")
          || declared.name().equals(ConstantDescs.INIT_NAME)) {
        throw new GradientException(
            "a rule needs a reference to a method with a class file, not "
                + lambda.getImplClass().replace('/', '.')
                + "."
                + lambda.getImplMethodName());
      }
      return declared;
    } catch (ClassNotFoundException e) {
      throw new GradientException("cannot load " + lambda.getImplClass(), e);
    }
  }

  /** The derivative in one argument: takes the arguments, the result, and what it transforms. */
  private static Rule.@Nullable Vjp part(
      Declared method,
      List<ClassDesc> arguments,
      int index,
      ClassDesc from,
      ClassDesc to,
      @Nullable Serializable source) {
    if (source == null || !Types.of(method.owner()).mayCarry(arguments.get(index))) {
      return null;
    }
    Rules.refuseObjects(method, arguments.get(index));
    List<ClassDesc> parameters = new ArrayList<>(arguments);
    parameters.add(method.type().returnType());
    parameters.add(from);
    MethodTypeDesc type = MethodTypeDesc.of(to, parameters);
    MethodType called = Methods.methodType(type, method.owner());
    boolean isPartial = !(source instanceof Fn3) && !(source instanceof Fn4); // of doubles alone
    MethodHandle adapted =
        isPartial
            ? MethodHandles.explicitCastArguments(handle(source), called)
            : handle(source).asType(called);
    MethodHandle handle = PartialRules.handle(adapted, type, source);
    boolean[] reads = new boolean[type.parameterCount()];
    Arrays.fill(reads, true);
    return new Rule.Vjp(null, handle, type, reads);
  }

  private static MethodHandle handle(Serializable source) {
    return switch (source) {
      case Scalar1 _ -> scaling(Scalar1.class, 1).bindTo(source);
      case Scalar2 _ -> scaling(Scalar2.class, 2).bindTo(source);
      case Scalar3 _ -> scaling(Scalar3.class, 3).bindTo(source);
      case Fn3<?, ?, ?, ?> _ -> applying(Fn3.class, 3).bindTo(source);
      case Fn4<?, ?, ?, ?, ?> _ -> applying(Fn4.class, 4).bindTo(source);
      default -> throw new IllegalArgumentException("no derivative: " + source);
    };
  }

  private static MethodHandle scaling(Class<?> type, int arguments) {
    Class<?>[] parameters = new Class<?>[arguments + 3];
    Arrays.fill(parameters, double.class);
    parameters[0] = type;
    try {
      return MethodHandles.lookup()
          .findStatic(
              RegisteredRules.class, "scale", MethodType.methodType(double.class, parameters));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle applying(Class<?> type, int arguments) {
    try {
      return MethodHandles.lookup()
          .findVirtual(type, "apply", MethodType.genericMethodType(arguments));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double scale(Scalar1 partial, double x, double unused, double dy) {
    return Adjoints.product(dy, partial.apply(x));
  }

  private static double scale(Scalar2 partial, double a, double b, double unused, double dy) {
    return Adjoints.product(dy, partial.apply(a, b));
  }

  private static double scale(
      Scalar3 partial, double a, double b, double c, double unused, double dy) {
    return Adjoints.product(dy, partial.apply(a, b, c));
  }
}

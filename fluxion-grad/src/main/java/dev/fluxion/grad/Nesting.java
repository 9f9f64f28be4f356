package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Gradients;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.MethodRef.Dispatch;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives within code that is differentiated itself: a call of {@code Grad.gradient} becomes
 * the code that it stands for, which is transformed with the rest. Each has tangents, or a tape, of
 * its own, so that the perturbations of different variables cannot be confused.
 */
final class Nesting {
  private static final ClassDesc GRAD = Grad.class.describeConstable().orElseThrow();
  static final ClassDesc GRADIENTS = Gradients.class.describeConstable().orElseThrow();
  private static final ClassDesc VALUE_AND_GRADIENT =
      ValueAndGradient.class.describeConstable().orElseThrow();

  private static final ClassDesc VALUE_AND_PULLBACK =
      ValueAndPullback.class.describeConstable().orElseThrow();

  private static final Function PULLBACK =
      Methods.function(
          new Methods.Declared(
              NestedPullback.class,
              "of",
              MethodTypeDesc.of(
                  VALUE_AND_PULLBACK,
                  CD_Object,
                  CD_Object,
                  CD_Object,
                  CD_Object,
                  Derivations.TAPE,
                  CD_MethodHandle)));

  private static final int MOST_ORDERS = 12;
  private static final ThreadLocal<Integer> ORDER = ThreadLocal.withInitial(() -> 0);

  private Nesting() {}

  /**
   * Derives a function, within the derivation of another if one differentiates the other.
   *
   * @param name the function's, for people
   */
  static <T> T derive(String name, Supplier<T> derivation) {
    int order = ORDER.get();
    if (order >= 2 * MOST_ORDERS) { // each is entered twice, first for its static fields
      throw new GradientException(
          "cannot differentiate "
              + name
              + ": derivatives are nested more than "
              + MOST_ORDERS
              + " deep; a function that differentiates itself would be derived without end");
    }
    ORDER.set(order + 1);
    try {
      return derivation.get();
    } finally {
      ORDER.set(order);
    }
  }

  /** Whether it is worth while to guess what code might be called: each guess may nest on. */
  static boolean isShallow() {
    return ORDER.get() < 4;
  }

  /** Whether a method computes a derivative. */
  static boolean isDerivative(MethodRef method) {
    return method.owner().equals(GRAD)
        && switch (method.name()) {
          case "jacobian", "hessian", "hessianVectorProduct", "pullback" -> true;
          default -> isWrittenOut(method);
        };
  }

  /** Whether a method computes a derivative that can be written out. */
  static boolean isWrittenOut(MethodRef method) {
    return method.owner().equals(GRAD)
        && switch (method.name()) {
          case "gradient", "derivative", "valueAndGradient", "jvp" -> true;
          case "pullback" -> method.type().parameterCount() == 2;
          default -> false;
        };
  }

  /** Whether a call makes a derivative to be called later. */
  static boolean isDerivativeFunction(Op.Call call) {
    return call.method().owner().equals(GRAD) && call.method().name().equals("grad");
  }

  /** The call of {@code Grad.gradient} that a derivative made by {@code Grad.grad} stands for. */
  static MethodRef gradient(Op.Call made) {
    ClassDesc f = made.method().type().parameterType(0);
    ClassDesc x = isScalar(f) ? CD_double : CD_Object;
    return MethodRef.ofStatic(GRAD, "gradient", MethodTypeDesc.of(x, f, x));
  }

  /**
   * Writes a derivative out.
   *
   * @param lambda the function where it is seen, else null
   */
  static Value expand(
      BlockBuilder block,
      MethodRef method,
      List<Value> arguments,
      Op.@Nullable Lambda lambda,
      Types types) {
    boolean isDirectional = method.name().equals("jvp");
    List<Value> points =
        returnsAnything(method)
            ? List.of(block.cast(arguments.get(1), CD_Object))
            : arguments.subList(1, arguments.size());
    MethodRef implementation = lambda == null ? null : LambdaCalls.implementation(lambda);
    List<Value> callable =
        implementation == null || lambda == null ? List.of(arguments.get(0)) : lambda.captured();
    boolean isScalar = isScalar(method.type().parameterType(0));
    Function inner = inner(method, callable, points, implementation, block.location(), types);
    List<Value> passed = new ArrayList<>(callable);
    passed.addAll(points);
    if (isDirectional) {
      passed.add(arguments.get(2));
      return requireNonNull(block.apply(directional(method, inner, types), passed));
    }
    if (returnsAnything(method)) {
      return requireNonNull(block.apply(pullback(method, inner, types), passed));
    }
    Function outer =
        isScalar
            ? forward(method, inner, points.size(), types)
            : reverse(method, inner, points.size(), types);
    return requireNonNull(block.apply(outer, passed));
  }

  /** Whether a method differentiates functions that need not return numbers. */
  private static boolean returnsAnything(MethodRef method) {
    return method.name().equals("jvp") || method.name().equals("pullback");
  }

  private static boolean isScalar(ClassDesc function) {
    return function.displayName().startsWith("Scalar");
  }

  /** What is differentiated: takes what the lambda captured, or the object, then the arguments. */
  private static Function inner(
      MethodRef method,
      List<Value> callable,
      List<Value> points,
      @Nullable MethodRef implementation,
      Location location,
      Types types) {
    List<ClassDesc> parameters = new ArrayList<>();
    callable.forEach(value -> parameters.add(value.type()));
    points.forEach(value -> parameters.add(value.type()));
    boolean isLoss = !returnsAnything(method);
    MethodTypeDesc type = MethodTypeDesc.of(isLoss ? CD_double : CD_Object, parameters);
    String name = types.host().getSimpleName() + ".inner";
    int first = callable.size();
    return new Function(
        name,
        type,
        types.host(),
        () -> {
          Body.Builder builder = new Body.Builder(name, type);
          BlockBuilder block = builder.entry().at(location);
          List<Value> given = block.block().parameters();
          List<Value> captured = given.subList(0, first);
          List<Value> arguments = given.subList(first, given.size());
          Value result;
          if (implementation == null) {
            result = apply(block, method.type().parameterType(0), captured.get(0), arguments);
          } else {
            ClassDesc returned = implementation.type().returnType();
            result =
                requireNonNull(
                    LambdaCalls.call(block, implementation, captured, arguments, returned));
          }
          block.returns(
              isLoss
                  ? Functional.number(block, result, types)
                  : Conversions.convert(block, result, CD_Object));
          return builder.build();
        });
  }

  private static Value apply(
      BlockBuilder block, ClassDesc callable, Value object, List<Value> arguments) {
    ClassDesc erased = isScalar(callable) ? CD_double : CD_Object;
    MethodTypeDesc type =
        MethodTypeDesc.of(erased, java.util.Collections.nCopies(arguments.size(), erased));
    List<Value> all = new ArrayList<>(arguments);
    all.add(0, object);
    return block.call(
        new MethodRef(Dispatch.INTERFACE, callable, "apply", type, true),
        all.toArray(new Value[0]));
  }

  private static boolean[] lastActive(Function inner, int points) {
    boolean[] active = new boolean[inner.type().parameterCount()];
    Arrays.fill(active, active.length - points, active.length, true);
    return active;
  }

  /** Forward mode for numbers, with a direction for each. */
  private static Function forward(MethodRef method, Function inner, int points, Types types) {
    MethodTypeDesc type = inner.type().changeReturnType(method.type().returnType());
    return new Function(
        inner.name(),
        type,
        types.host(),
        () -> {
          Body.Builder builder = new Body.Builder(inner.name(), type);
          BlockBuilder block = builder.entry();
          Value tangents = tangents(block, points);
          TangentCode code = new TangentCode(types, tangents);
          code.at(block);
          List<Value> passed = new ArrayList<>(block.block().parameters());
          for (int i = 0; i < points; i++) {
            for (int k = 0; k < points; k++) {
              passed.add(block.constant(i == k ? 1.0 : 0.0));
            }
          }
          passed.add(tangents);
          block.apply(Duals.of(inner, lastActive(inner, points), true, points), passed);
          List<Value> slopes = new ArrayList<>();
          for (int k = 0; k < points; k++) {
            slopes.add(code.returned(CD_double, k));
          }
          block.returns(points == 1 ? slopes.get(0) : tuple(block, method, slopes));
          return builder.build();
        });
  }

  /** Forward mode in one direction, for a function that returns anything. */
  private static Function directional(MethodRef method, Function inner, Types types) {
    MethodTypeDesc type =
        inner
            .type()
            .insertParameterTypes(inner.type().parameterCount(), CD_Object)
            .changeReturnType(method.type().returnType());
    return new Function(
        inner.name(),
        type,
        types.host(),
        () -> {
          Body.Builder builder = new Body.Builder(inner.name(), type);
          BlockBuilder block = builder.entry();
          List<Value> passed = new ArrayList<>(block.block().parameters());
          Value direction = passed.removeLast();
          Value tangents = tangents(block, 1);
          TangentCode code = new TangentCode(types, tangents);
          code.at(block);
          MethodTypeDesc pair = MethodTypeDesc.of(CD_Object, CD_Object, CD_Object);
          passed.add(
              block.call(
                  MethodRef.ofStatic(GRADIENTS, "tangent", pair), passed.getLast(), direction));
          passed.add(tangents);
          Function dual = Duals.of(inner, lastActive(inner, 1), true, 1);
          Value value = requireNonNull(block.apply(dual, passed));
          Value shadow = code.returned(CD_Object, 0);
          Value tangent = block.call(MethodRef.ofStatic(GRADIENTS, "of", pair), value, shadow);
          block.returns(created(block, method.type().returnType(), value, tangent));
          return builder.build();
        });
  }

  /** The forward half, and what is needed to run the reverse half later. */
  private static Function pullback(MethodRef method, Function inner, Types types) {
    MethodTypeDesc type = inner.type().changeReturnType(method.type().returnType());
    return new Function(
        inner.name(),
        type,
        types.host(),
        () -> {
          Body.Builder builder = new Body.Builder(inner.name(), type);
          BlockBuilder block = builder.entry();
          Derived derived = Derivations.of(inner, lastActive(inner, 1), true);
          MethodTypeDesc made = MethodTypeDesc.of(Derivations.TAPE);
          Value tape = block.call(MethodRef.ofStatic(Derivations.TAPE, "lasting", made));
          List<Value> passed = new ArrayList<>(block.block().parameters());
          Value point = passed.getLast();
          Value shadow = shadow(block, tape, point, types);
          passed.add(shadow);
          passed.add(tape);
          Value value = requireNonNull(block.apply(derived.forward(), passed));
          Value cotangents = block.loadField(ForwardSweep.TAPE_SHADOW, tape);
          MethodHandle reverse = Derivations.handle(derived.reverse());
          Handles.register(reverse, derived.reverse());
          List<Value> parts =
              List.of(
                  value, cotangents, point, shadow, tape, block.constant(CD_MethodHandle, reverse));
          block.returns(block.apply(PULLBACK, parts));
          return builder.build();
        });
  }

  private static Value tangents(BlockBuilder block, int directions) {
    return block.call(
        MethodRef.ofStatic(Duals.TANGENTS, "in", MethodTypeDesc.of(Duals.TANGENTS, CD_int)),
        block.constant(directions));
  }

  /** A {@code Pair} or {@code Triple}. */
  private static Value tuple(BlockBuilder block, MethodRef method, List<Value> parts) {
    List<Value> boxed = new ArrayList<>();
    parts.forEach(part -> boxed.add(Conversions.convert(block, part, CD_Object)));
    return created(block, method.type().returnType(), boxed.toArray(new Value[0]));
  }

  private static Value created(BlockBuilder block, ClassDesc type, Value... arguments) {
    ClassDesc[] parameters = new ClassDesc[arguments.length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = arguments[i].type().isPrimitive() ? arguments[i].type() : CD_Object;
    }
    Value result = new Value(type);
    MethodRef constructor = MethodRef.ofConstructor(type, parameters);
    block.add(new Op.New(result, constructor, List.of(arguments), block.location()));
    return result;
  }

  /** Reverse mode for all else. */
  private static Function reverse(MethodRef method, Function inner, int points, Types types) {
    MethodTypeDesc type = inner.type().changeReturnType(method.type().returnType());
    return new Function(
        inner.name(),
        type,
        types.host(),
        () -> {
          Body.Builder builder = new Body.Builder(inner.name(), type);
          BlockBuilder block = builder.entry();
          Derived derived = derived(inner, points);
          Value tape =
              block.call(
                  MethodRef.ofStatic(
                      Derivations.TAPE, "fresh", MethodTypeDesc.of(Derivations.TAPE)));
          List<Value> given = block.block().parameters();
          List<Value> at = given.subList(given.size() - points, given.size());
          List<Value> passed = new ArrayList<>(given);
          List<@Nullable Value> shadows = new ArrayList<>();
          for (Value point : at) {
            Value shadow =
                types.isShadowed(point.type()) ? shadow(block, tape, point, types) : null;
            shadows.add(shadow);
            if (shadow != null) {
              passed.add(shadow);
            }
          }
          passed.add(tape);
          Value value = requireNonNull(block.apply(derived.forward(), passed));
          Value only = block.apply(derived.reverse(), List.of(tape, block.constant(1.0)));
          List<Value> parts = new ArrayList<>();
          for (int i = 0; i < points; i++) {
            Value adjoint =
                shadows.get(i) != null
                    ? shadows.get(i)
                    : only != null ? only : left(block, tape, given.size() - points + i, at.get(i));
            parts.add(gradient(block, at.get(i), adjoint, tape, types));
          }
          boolean withValue = method.type().returnType().equals(VALUE_AND_GRADIENT);
          block.returns(
              withValue
                  ? created(block, VALUE_AND_GRADIENT, value, parts.get(0))
                  : points > 1 ? tuple(block, method, parts) : parts.get(0));
          return builder.build();
        });
  }

  /** Both halves, which run one after the other. */
  private static Derived derived(Function inner, int points) {
    boolean[] active = lastActive(inner, points);
    return Derivations.of(inner, active, true, Statics.of(inner, active), true);
  }

  private static Value shadow(BlockBuilder block, Value tape, Value point, Types types) {
    Value shadow =
        block.call(
            MethodRef.ofVirtual(
                Derivations.TAPE, "shadowOf", MethodTypeDesc.of(CD_Object, CD_Object)),
            tape,
            point);
    ClassDesc type = types.shadow(point.type());
    return type.equals(CD_Object) ? shadow : block.cast(shadow, type);
  }

  /** The adjoint of one of several numbers or vectors, which the reverse half left on the tape. */
  private static Value left(BlockBuilder block, Value tape, int index, Value point) {
    boolean isNumber = Types.adjoint(point.type()).isPrimitive();
    ClassDesc array = (isNumber ? CD_double : CD_Object).arrayType();
    Value out =
        block.loadField(
            new FieldRef(Derivations.TAPE, isNumber ? "numbers" : "references", array, false),
            tape);
    return block.loadElement(out, block.constant(index));
  }

  private static Value gradient(
      BlockBuilder block, Value point, Value adjoint, Value tape, Types types) {
    if (adjoint.type().isPrimitive()) {
      Value narrow = Conversions.convert(block, adjoint, Types.adjoint(point.type()));
      return Conversions.convert(block, narrow, CD_Object);
    }
    return RecordGradients.gradient(block, point, adjoint, tape, types);
  }
}

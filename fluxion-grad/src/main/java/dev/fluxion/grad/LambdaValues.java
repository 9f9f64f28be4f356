package dev.fluxion.grad;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.text.Printer;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the lambdas that a class makes apart by what they compute: a lambda that differs at some
 * number from a function is not that function. So where all of them only compute, the one that
 * agrees at many numbers is it. Two of the same code are one.
 *
 * <p>A function only computes when it reads, and calls what does, and has no loop: to run it then
 * takes no time, and nobody sees it.
 */
final class LambdaValues {
  private static final int DEEPEST = 8;
  private static final Set<String> ARITHMETIC =
      Set.of("Math", "StrictMath", "Double", "Float", "Integer", "Long", "Boolean");

  /** On both sides of what functions commonly turn at, and far out. */
  private static final double[] PROBES = {
    0.31830988,
    -0.31830988,
    1.7320508,
    -1.7320508,
    0,
    1,
    -1,
    0.01,
    -0.01,
    2.5,
    -2.5,
    4.6692016,
    -4.6692016,
    7.3890561,
    -7.3890561,
    30.5,
    -30.5,
    1234.56,
    -1234.56,
    1e6,
    -1e6,
    1e-9,
    1e30
  };

  private final Object lambda;
  private final Class<?> host;
  private final MethodHandles.Lookup lookup;

  private LambdaValues(Object lambda, Class<?> host) throws IllegalAccessException {
    this.lambda = lambda;
    this.host = host;
    this.lookup = Types.privateLookup(host);
  }

  /** The one of the candidates that a lambda is, or null when that cannot be told. */
  static @Nullable LambdaRef find(Object lambda, Class<?> host, List<LambdaRef> candidates) {
    try {
      return new LambdaValues(lambda, host).find(candidates);
    } catch (Throwable e) { // code that cannot be lifted or reached, or that fails
      return null;
    }
  }

  private @Nullable LambdaRef find(List<LambdaRef> candidates) throws Throwable {
    Map<String, LambdaRef> different = new LinkedHashMap<>();
    for (LambdaRef candidate : candidates) {
      different.putIfAbsent(text(candidate), candidate);
    }
    List<LambdaRef> left = List.copyOf(different.values());
    if (left.size() == 1) {
      return left.get(0);
    }
    Set<List<ClassDesc>> types = new LinkedHashSet<>();
    for (LambdaRef candidate : left) {
      List<ClassDesc> taken = candidate.instantiatedType().parameterList();
      if (!taken.isEmpty() && taken.stream().allMatch(LambdaValues::isNumber)) {
        types.add(taken);
      }
    }
    for (List<ClassDesc> taken : types) {
      List<LambdaRef> agreeing = agreeing(left, taken);
      if (agreeing == null || agreeing.size() == 1) {
        return agreeing == null ? null : agreeing.get(0);
      }
      if (!agreeing.isEmpty()) {
        return null;
      }
    }
    return null;
  }

  // ---------------------------------------------------------------- code

  /** What a lambda does, as a function of what it has captured and its arguments. */
  private Function function(LambdaRef candidate) {
    MethodRef implementation = Functional.implementation(candidate.implementation());
    MethodTypeDesc called = candidate.instantiatedType();
    List<ClassDesc> parameters = new ArrayList<>(candidate.site().invocationType().parameterList());
    parameters.addAll(called.parameterList());
    MethodTypeDesc type = MethodTypeDesc.of(called.returnType(), parameters);
    return new Function(
        "lambda", type, host, () -> Functional.calling("lambda", implementation, type));
  }

  private String text(LambdaRef candidate) {
    Body body = Preparation.prepared(function(candidate));
    return Printer.printWithoutLines(body.transform(LambdaValues::withPlainSums));
  }

  /** Double.sum(x, y) → x + y, as others write it. */
  private static void withPlainSums(Body.Copy copy, Op op) {
    if (op instanceof Op.Call call
        && isArithmetic(call.method())
        && call.method().name().equals("sum")) {
      List<Value> terms = call.arguments();
      copy.map(
          Objects.requireNonNull(call.result()),
          copy.block().at(op.location()).arithmetic(Arithmetic.ADD, terms.get(0), terms.get(1)));
    } else {
      copy.keep(op);
    }
  }

  private static boolean onlyComputes(Function function, int depth) {
    Body body = Preparation.prepared(function);
    if (depth == 0 || !Loops.of(body, Dominators.of(body)).all().isEmpty()) {
      return false;
    }
    Types types = Types.of(function.host());
    for (Block block : body.blocks()) {
      if (!block.handlers().isEmpty()
          || !block.ops().stream().allMatch(op -> onlyComputes(op, types, depth))) {
        return false;
      }
    }
    return true;
  }

  private static boolean onlyComputes(Op op, Types types, int depth) {
    return switch (op) {
      case Op.Constant _, Op.Negate _, Op.Binary _, Op.Compare _, Op.ThreeWay _ -> true;
      case Op.Convert _, Op.Cast _, Op.InstanceOf _ -> true;
      case Op.ArrayLength _, Op.LoadElement _, Op.LoadField _ -> true;
      case Op.Call call when isArithmetic(call.method()) -> true;
      case Op.Call _, Op.Apply _ ->
          Calls.target(op, types) instanceof Calls.Target.Direct direct
              && Handwritten.of(direct.function()) == null
              && onlyComputes(direct.function(), depth - 1);
      default -> false;
    };
  }

  private static boolean isArithmetic(MethodRef method) {
    return method.owner().isClassOrInterface()
        && method.owner().packageName().equals("java.lang")
        && ARITHMETIC.contains(method.owner().displayName());
  }

  // ---------------------------------------------------------------- values

  private static boolean isNumber(ClassDesc type) {
    return number(type, 0) != null;
  }

  private static @Nullable Object number(ClassDesc type, double x) {
    return switch (type.displayName()) {
      case "double", "Double" -> x;
      case "float", "Float" -> (float) x;
      case "int", "Integer" -> (int) x;
      case "long", "Long" -> (long) x;
      default -> null;
    };
  }

  /**
   * The candidates that compute what the lambda does from numbers of these types; none when it does
   * not take them, null when one of them might do more than to compute.
   */
  private @Nullable List<LambdaRef> agreeing(List<LambdaRef> candidates, List<ClassDesc> types)
      throws Throwable {
    List<LambdaRef> left = new ArrayList<>();
    for (LambdaRef candidate : candidates) {
      if (takes(candidate, types)) {
        if (!onlyComputes(function(candidate), DEEPEST)) {
          return null;
        }
        left.add(candidate);
      }
    }
    LambdaRef any = candidates.get(0); // of the same interface, as all
    MethodHandle itself =
        lookup
            .findVirtual(
                Types.of(host).resolve(any.functionalInterface(), Location.NONE),
                any.methodName(),
                Methods.methodType(any.methodType(), host))
            .bindTo(lambda);
    List<Object> captured = new ArrayList<>();
    for (MethodHandle one : Functional.capturedBy(lambda)) {
      captured.add(one.invoke(lambda));
    }
    for (List<Object> arguments : arguments(types)) {
      Object expected;
      try {
        expected = itself.invokeWithArguments(arguments);
      } catch (ClassCastException e) {
        return List.of(); // it is a lambda of something else
      }
      List<Object> all = Stream.concat(captured.stream(), arguments.stream()).toList();
      for (LambdaRef candidate : List.copyOf(left)) {
        MethodHandle code = candidate.implementation().resolveConstantDesc(lookup);
        if (!Objects.equals(expected, code.invokeWithArguments(all))) {
          left.remove(candidate);
        }
      }
    }
    return left;
  }

  private boolean takes(LambdaRef candidate, List<ClassDesc> types) {
    List<ClassDesc> taken = candidate.instantiatedType().parameterList();
    for (int i = 0; i < types.size(); i++) {
      Class<?> parameter = Types.of(host).resolve(taken.get(i), Location.NONE);
      Object number = Objects.requireNonNull(number(types.get(i), 0));
      if (!parameter.isPrimitive() && !parameter.isInstance(number)) {
        return false;
      }
    }
    return true;
  }

  /** The probes in each place, beside different ones in the others. */
  private static Set<List<Object>> arguments(List<ClassDesc> types) {
    Set<List<Object>> all = new HashSet<>();
    for (int i = 0; i < PROBES.length; i++) {
      for (int step = 0; step < (types.size() == 1 ? 1 : PROBES.length); step++) {
        List<Object> arguments = new ArrayList<>();
        for (int k = 0; k < types.size(); k++) {
          double x = PROBES[(i + k * step) % PROBES.length];
          arguments.add(Objects.requireNonNull(number(types.get(k), x)));
        }
        all.add(arguments);
      }
    }
    return all;
  }
}

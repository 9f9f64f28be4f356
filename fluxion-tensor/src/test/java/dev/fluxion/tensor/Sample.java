package dev.fluxion.tensor;

import dev.fluxion.tensor.ConformanceTest.Case;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A call of a method out of the table of {@link ConformanceTest}, small and away from what is
 * special where there is such a one.
 */
record Sample(Method method, String call, Map<String, Tensor> tensors) {
  /** So many different calls of a method are kept. */
  private static final int CALLS = 3;

  /** Calls of each method, those first that tell most. */
  static Map<Method, List<Sample>> all() throws IOException {
    Map<String, Method> methods = new HashMap<>();
    Map<Method, List<Case>> cases = new LinkedHashMap<>();
    Tensor any = Tensor.zeros();
    Map<String, Tensor> letters = Map.of("a", any, "b", any, "c", any);
    for (List<Case> operation : ConformanceTest.cases().values()) {
      for (Case one : operation) {
        if (!one.isRefused() && !one.arguments().isEmpty()) {
          Method method = methods.computeIfAbsent(one.call(), call -> Calls.method(call, letters));
          cases.computeIfAbsent(method, _ -> new ArrayList<>()).add(one);
        }
      }
    }
    Map<String, Tensor> known = new HashMap<>();
    Map<Method, List<Sample>> samples = new LinkedHashMap<>();
    cases.forEach((method, all) -> samples.put(method, choose(method, all, known)));
    return samples;
  }

  private static List<Sample> choose(Method method, List<Case> cases, Map<String, Tensor> known) {
    Set<String> calls = new HashSet<>();
    return cases.stream()
        .map(one -> Map.entry(strangeness(one), one))
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .filter(one -> calls.add(one.call()))
        .limit(CALLS)
        .map(one -> new Sample(method, one.call(), one.tensors(known)))
        .toList();
  }

  /** Less for arguments of float64, of a few elements that are no special values, as they lie. */
  private static int strangeness(Case one) {
    int strangeness = one.call().matches(".*\\b0\\b.*") ? 1 : 0;
    for (String argument : one.arguments().split("; ", -1)) {
      String shape = argument.substring(argument.indexOf('(') + 1, argument.indexOf(')'));
      int size = Tensor.count(Arguments.sizes(shape));
      strangeness += argument.startsWith("float64") ? 0 : 10_000;
      strangeness += argument.contains(")x") || argument.contains(").") ? 1_000 : 0;
      strangeness += size == 0 ? 5_000 : size < 4 ? 200 : size > 60 ? 300 + size / 10 : size;
    }
    return strangeness;
  }

  /** The class and the name, without the class where it is {@link Tensor}. */
  String name() {
    Class<?> owner = method.getDeclaringClass();
    return (owner == Tensor.class ? "" : owner.getSimpleName() + ".") + method.getName();
  }

  /** The types of elements that the method takes, found by calling it. */
  Set<DType> types() {
    Set<DType> types = EnumSet.noneOf(DType.class);
    for (DType type : DType.values()) {
      if (results(type, type).isPresent()) {
        types.add(type);
      }
    }
    return types;
  }

  /**
   * What the call gives of the elements in one type and then in another; nothing where it is
   * refused, or of elements for which there is no result.
   */
  Optional<List<Tensor>> results(DType type, DType then) {
    Map<String, Tensor> cast = new HashMap<>(tensors);
    DType own = tensors.get("a").dtype();
    cast.replaceAll((_, x) -> x.dtype() == own ? as(type, x).cast(then) : x);
    try {
      return Optional.of(Calls.run(call, cast));
    } catch (ShapeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Tensor as(DType type, Tensor tensor) {
    return type.isFloatingPoint() || !tensor.dtype().isFloatingPoint()
        ? tensor.cast(type)
        : Tensor.where(tensor.isFinite(), tensor, tensor.fill(0))
            .cast(DType.FLOAT64)
            .times(10)
            .abs()
            .clamp(0, 100)
            .floor()
            .cast(type);
  }

  /** The tensors that may have derivatives. */
  List<String> letters() {
    return tensors.keySet().stream()
        .filter(letter -> tensors.get(letter).dtype().isFloatingPoint())
        .sorted()
        .toList();
  }

  /** Whether the derivative is zero in every argument, whatever they are. */
  boolean isConstant() {
    return letters().stream()
        .allMatch(letter -> PrimitivesTest.isConstant(method, position(letter)));
  }

  /** Which argument a letter is, the receiver first. */
  int position(String letter) {
    List<Object> arguments = new ArrayList<>();
    if (!Modifier.isStatic(method.getModifiers())) {
      arguments.add(tensors.get(call.substring(0, 1)));
    }
    arguments.addAll(List.of(Calls.arguments(call, tensors)));
    return arguments.indexOf(tensors.get(letter));
  }

  /**
   * Statements that return the sum of the squares of all numbers in the result; none where the
   * result has no such numbers.
   */
  Optional<String> body() {
    String result = "var result = " + expression() + ";\n";
    Class<?> type = method.getReturnType();
    if (type == Tensor.class) {
      return Optional.of(result + "return " + squares("result") + ";\n");
    }
    if (type == Tensor[].class) {
      String loop = "for (Tensor part : result) { sum = sum.plus(" + squares("part") + "); }\n";
      return Optional.of(
          result + "Tensor sum = Tensor.zeros(DType.FLOAT64);\n" + loop + "return sum;\n");
    }
    if (type == double.class) {
      return Optional.of(result + "return Tensor.of(new double[] {result * result}).sum();\n");
    }
    if (type == double[].class || type == float[].class) {
      return Optional.of(result + "return " + squares("Tensor.of(result, result.length)") + ";\n");
    }
    if (!type.isRecord()) {
      return Optional.empty();
    }
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getType() == Tensor.class)
        .map(component -> squares("result." + component.getName() + "()"))
        .reduce((sum, squares) -> sum + ".plus(" + squares + ")")
        .map(sum -> result + "return " + sum + ";\n");
  }

  private static String squares(String tensor) {
    return tensor + ".cast(DType.FLOAT64).square().sum()";
  }

  private String expression() {
    boolean isStatic = Modifier.isStatic(method.getModifiers());
    String receiver = isStatic ? method.getDeclaringClass().getSimpleName() : call.substring(0, 1);
    return Arrays.stream(Calls.arguments(call, tensors))
        .map(this::literal)
        .collect(Collectors.joining(", ", receiver + "." + method.getName() + "(", ")"));
  }

  private String literal(Object value) {
    return switch (value) {
      case Tensor tensor ->
          tensors.keySet().stream()
              .filter(key -> tensors.get(key) == tensor)
              .findFirst()
              .orElseThrow();
      case Tensor[] parts ->
          Arrays.stream(parts)
              .map(this::literal)
              .collect(Collectors.joining(", ", "new Tensor[] {", "}"));
      case int[] numbers ->
          Arrays.stream(numbers)
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(", ", "new int[] {", "}"));
      case String text -> '"' + text + '"';
      case Enum<?> constant ->
          constant.getDeclaringClass().getCanonicalName() + "." + constant.name();
      case Double number -> number.isNaN() || number.isInfinite() ? "(1 / 0.0)" : number.toString();
      default -> value.toString();
    };
  }
}

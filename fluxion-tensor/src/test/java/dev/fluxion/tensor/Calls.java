package dev.fluxion.tensor;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs calls of public methods that are given as text: {@code a.sum([0,2],false)}, where a letter
 * is a tensor, {@code where(a,b,c)} of {@link Tensor}, or {@code SpecialFunctions.erfc(a)}.
 */
final class Calls {
  private static final Pattern CALL = Pattern.compile("(?:(\\w+)\\.)?(\\w+)\\((.*)\\)");
  private static final Pattern PART = Pattern.compile("\\[[^]]*]|\"[^\"]*\"|[^,]+");

  private static final Map<String, Map<String, List<Method>>> METHODS = new ConcurrentHashMap<>();

  private Calls() {}

  /** A method and what it is called with, the receiver first. */
  private record Match(Method method, Optional<Tensor> receiver, Object[] arguments) {}

  /** The method that a call means. */
  static Method method(String call, Map<String, Tensor> tensors) {
    return match(call, tensors).method;
  }

  /** What a call passes to its method, the receiver left out. */
  static Object[] arguments(String call, Map<String, Tensor> tensors) {
    return match(call, tensors).arguments;
  }

  /** The results of a call: several of one that gives an array or a record of tensors. */
  static List<Tensor> run(String call, Map<String, Tensor> tensors) {
    Match match = match(call, tensors);
    try {
      return results(match.method.invoke(match.receiver.orElse(null), match.arguments));
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new AssertionError(call, e);
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(call, e);
    }
  }

  private static Match match(String call, Map<String, Tensor> tensors) {
    Matcher parts = CALL.matcher(call);
    if (!parts.matches()) {
      throw new AssertionError("no call: " + call);
    }
    String of = Optional.ofNullable(parts.group(1)).orElse("Tensor");
    List<String> texts = PART.matcher(parts.group(3)).results().map(part -> part.group()).toList();
    Optional<Tensor> receiver = Optional.ofNullable(tensors.get(of));
    for (Method method : methods(receiver.isPresent() ? "Tensor" : of, parts.group(2))) {
      boolean isCandidate = Modifier.isStatic(method.getModifiers()) == receiver.isEmpty();
      Optional<Object[]> arguments =
          isCandidate ? arguments(method, texts, tensors) : Optional.empty();
      if (arguments.isPresent()) {
        return new Match(method, receiver, arguments.get());
      }
    }
    throw new AssertionError("no such method: " + call);
  }

  private static List<Method> methods(String owner, String name) {
    return METHODS.computeIfAbsent(owner, Calls::methods).getOrDefault(name, List.of());
  }

  private static Map<String, List<Method>> methods(String owner) {
    try {
      return Arrays.stream(Class.forName("dev.fluxion.tensor." + owner).getMethods())
          .filter(method -> !method.isBridge())
          .collect(Collectors.groupingBy(Method::getName));
    } catch (ClassNotFoundException e) {
      throw new AssertionError(owner, e);
    }
  }

  private static Optional<Object[]> arguments(
      Method method, List<String> texts, Map<String, Tensor> tensors) {
    Class<?>[] types = method.getParameterTypes();
    List<String> given = new ArrayList<>(texts);
    if (types.length > 0 && types[types.length - 1] == Tensor[].class) {
      String rest = String.join(",", texts.subList(types.length - 1, texts.size()));
      given = new ArrayList<>(texts.subList(0, types.length - 1));
      given.add("[" + rest + "]");
    }
    if (given.size() != types.length) {
      return Optional.empty();
    }
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      Optional<Object> argument = argument(types[i], given.get(i), tensors);
      if (argument.isEmpty()) {
        return Optional.empty();
      }
      arguments[i] = argument.get();
    }
    return Optional.of(arguments);
  }

  private static Optional<Object> argument(
      Class<?> type, String text, Map<String, Tensor> tensors) {
    if (type == Tensor.class) {
      return Optional.ofNullable(tensors.get(text));
    }
    if (type.isArray() && text.startsWith("[")) {
      String[] parts =
          text.length() == 2 ? new String[0] : text.substring(1, text.length() - 1).split(",");
      Object array = Array.newInstance(type.componentType(), parts.length);
      for (int i = 0; i < parts.length; i++) {
        Optional<Object> part = argument(type.componentType(), parts[i], tensors);
        if (part.isEmpty()) {
          return Optional.empty();
        }
        Array.set(array, i, part.get());
      }
      return Optional.of(array);
    }
    if (type == String.class && text.startsWith("\"")) {
      return Optional.of(text.substring(1, text.length() - 1));
    }
    if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
      return Optional.of(Boolean.valueOf(text));
    }
    if (type == int.class && text.matches("-?\\d+")) {
      return Optional.of(Integer.valueOf(text));
    }
    if (type == double.class && text.matches("-?(\\d[\\d.e-]*|inf|nan)")) {
      return Optional.of(number(text));
    }
    return type.isEnum() ? constant(type, text) : Optional.empty();
  }

  private static Optional<Object> constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> one.toString().equals(name))
        .map(Object.class::cast)
        .findAny();
  }

  static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static List<Tensor> results(Object result) {
    return switch (result) {
      case Tensor tensor -> List.of(tensor);
      case Tensor[] tensors -> List.of(tensors);
      case int[] numbers -> List.of(Tensor.of(numbers, numbers.length));
      case long[] numbers -> List.of(Tensor.of(numbers, numbers.length));
      case float[] numbers -> List.of(Tensor.of(numbers, numbers.length));
      case double[] numbers -> List.of(Tensor.of(numbers, numbers.length));
      case boolean[] truths -> List.of(Tensor.of(truths, truths.length));
      case Double number -> List.of(Tensor.of(new double[] {number}));
      case Record record -> components(record);
      default -> throw new AssertionError(result);
    };
  }

  private static List<Tensor> components(Record record) {
    List<Tensor> components = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        components.addAll(results(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("a component cannot be read", e);
      }
    }
    return components;
  }
}

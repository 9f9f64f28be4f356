package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Operations on all types, many shapes and special values give what PyTorch and NumPy give. The
 * table comes from {@code make_conformance.py}, which describes it.
 */
class ConformanceTest {
  private static final int SHOWN = 12;

  /** Calls and what they give; a tolerance of {@code !} stands before what a refusal says. */
  record Case(String call, String arguments, String tolerance, String result) {
    static Case of(String line) {
      String[] parts = line.split("\\|", 4);
      return new Case(parts[0], parts[1], parts[2], parts[3]);
    }

    String operation() {
      String name = call.substring(0, call.indexOf('('));
      return name.substring(name.lastIndexOf('.') + 1);
    }

    boolean isRefused() {
      return tolerance.equals("!");
    }

    Map<String, Tensor> tensors(Map<String, Tensor> known) {
      Map<String, Tensor> tensors = new HashMap<>();
      char letter = 'a';
      for (String argument : arguments.isEmpty() ? new String[0] : arguments.split("; ")) {
        tensors.put(String.valueOf(letter++), known.computeIfAbsent(argument, Arguments::of));
      }
      return tensors;
    }
  }

  /** The cases of each operation. */
  static Map<String, List<Case>> cases() throws IOException {
    Map<String, List<Case>> cases = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        ConformanceTest.class.getResourceAsStream("conformance.txt.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        Case one = Case.of(line);
        cases.computeIfAbsent(one.operation(), _ -> new ArrayList<>()).add(one);
      }
    }
    return cases;
  }

  /** Operations that are not in the table, with the test that they have instead. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("Tensor.of", "makes a tensor of numbers: TypesTest and all others"),
          Map.entry("Tensor.map", "takes a function: MapTest"),
          Map.entry("Tensor.assign", "gives nothing: TensorTest"),
          Map.entry("Tensor.update", "gives nothing: UpdateTest"),
          Map.entry("Tensor.copyTo", "gives nothing: TypesTest"),
          Map.entry("Tensor.toByteBuffer", "gives bytes: TypesTest"),
          Map.entry("Tensor.toString", "gives text: TensorTest"),
          Map.entry("Tensor.shape", "compared with each result"),
          Map.entry("Tensor.dtype", "compared with each result"),
          Map.entry("Tensor.size", "gives a shape's numbers: TensorTest"),
          Map.entry("Tensor.rank", "gives a shape's numbers: TensorTest"),
          Map.entry("Tensor.uniform", "draws numbers as nobody else does: RandomNumbersTest"),
          Map.entry("Tensor.normal", "draws numbers as nobody else does: RandomNumbersTest"),
          Map.entry(
              "Tensor.truncatedNormal", "draws numbers as nobody else does: RandomNumbersTest"),
          Map.entry("Tensor.permutation", "draws numbers as nobody else does: RandomNumbersTest"));

  @Test
  void everyOperationIsHere() throws IOException {
    Tensor any = Tensor.zeros();
    Map<String, Tensor> letters = Map.of("a", any, "b", any, "c", any);
    Set<Method> tested = new HashSet<>();
    Set<String> calls = new HashSet<>();
    for (List<Case> cases : cases().values()) {
      for (Case one : cases) {
        if (calls.add(one.call)) {
          tested.add(Calls.method(one.call, letters));
        }
      }
    }
    Set<String> missing = new TreeSet<>();
    Set<String> left = new TreeSet<>(ELSEWHERE.keySet());
    for (Class<?> owner : new Class<?>[] {Tensor.class, SpecialFunctions.class}) {
      for (Method method : owner.getDeclaredMethods()) {
        String name = owner.getSimpleName() + "." + method.getName();
        boolean isMeant = Modifier.isPublic(method.getModifiers()) && !method.isBridge();
        if (isMeant && !tested.contains(method) && !ELSEWHERE.containsKey(name)) {
          missing.add(name + Arrays.toString(method.getParameterTypes()));
        }
        left.remove(name);
      }
    }
    assertEquals(Set.of(), missing, "add cases to the scripts, or say why there are none");
    assertEquals(Set.of(), left, "no operations");
  }

  @TestFactory
  List<DynamicTest> agrees() throws IOException {
    Map<String, Tensor> known = new HashMap<>();
    List<DynamicTest> tests = new ArrayList<>();
    cases()
        .forEach(
            (name, cases) -> tests.add(DynamicTest.dynamicTest(name, () -> all(cases, known))));
    return tests;
  }

  private static void all(List<Case> cases, Map<String, Tensor> known) {
    List<String> wrong = new ArrayList<>();
    for (Case one : cases) {
      try {
        check(one, one.tensors(known));
      } catch (AssertionError | RuntimeException e) {
        String text = one.call + " of " + one.arguments + ": " + e;
        wrong.add(text.length() > 400 ? text.substring(0, 400) : text);
      }
    }
    List<String> first = wrong.subList(0, Math.min(SHOWN, wrong.size()));
    assertTrue(
        wrong.isEmpty(),
        () -> "%d of %d\n%s".formatted(wrong.size(), cases.size(), String.join("\n", first)));
  }

  private static void check(Case one, Map<String, Tensor> tensors) {
    if (one.isRefused()) {
      String message =
          assertThrows(ShapeException.class, () -> Calls.run(one.call, tensors)).getMessage();
      assertTrue(message.contains(one.result), message);
      return;
    }
    String[] expected = one.result.split("; ", -1);
    List<Tensor> actual = Calls.run(one.call, tensors);
    assertEquals(expected.length, actual.size());
    for (int i = 0; i < expected.length; i++) {
      compare(expected[i], one.tolerance, actual.get(i));
    }
  }

  /** Of a result that is not stored whole there is every so many element, or the hash of all. */
  private static void compare(String expected, String tolerance, Tensor actual) {
    int open = expected.indexOf('(');
    int close = expected.indexOf(')');
    assertEquals(expected.substring(0, open).toUpperCase(Locale.ROOT), actual.dtype().name());
    assertEquals(
        expected.substring(open, close + 1),
        Arrays.toString(actual.shape()).replace('[', '(').replace(']', ')').replace(" ", ""));
    String text = expected.substring(close + 1).strip();
    if (text.startsWith("#")) {
      assertEquals(text, "#" + Long.toHexString(hash(actual, tolerance.equals("="))));
      return;
    }
    String[] elements = text.isEmpty() ? new String[0] : text.split(" ");
    int step = elements.length == 0 ? 1 : Math.max(1, Math.ceilDiv(actual.size(), elements.length));
    assertEquals(Math.ceilDiv(actual.size(), step), elements.length);
    for (int i = 0; i < elements.length; i++) {
      compare(elements[i], tolerance, actual, i * step);
    }
  }

  private static void compare(String expected, String tolerance, Tensor actual, int index) {
    if (!actual.dtype().isFloatingPoint()) {
      long[] numbers = actual.cast(DType.INT64).toLongArray();
      assertEquals(Long.parseLong(expected), numbers[index], "element " + index);
      return;
    }
    boolean isWide = actual.dtype() == DType.FLOAT64; // others are written with a float's digits
    double wanted = isWide ? Calls.number(expected) : (float) Calls.number(expected);
    double number = actual.buffer().get(index);
    boolean isClose =
        (tolerance.startsWith("=") || !Double.isFinite(wanted) || !Double.isFinite(number))
            ? bits(wanted, tolerance.equals("=0")) == bits(number, tolerance.equals("=0"))
            : Math.abs(number - wanted) <= allowed(tolerance, wanted, actual.dtype())
                && (wanted != 0
                    || tolerance.contains("@")
                    || isNegative(wanted) == isNegative(number));
    assertTrue(
        isClose,
        () -> "element " + index + " is " + number + ", not " + wanted + ", of " + tolerance);
  }

  private static boolean isNegative(double number) {
    return Double.doubleToRawLongBits(number) < 0;
  }

  private static double allowed(String tolerance, double wanted, DType type) {
    String[] parts = tolerance.split("@", -1);
    double size = parts.length > 1 ? Double.parseDouble(parts[1]) : 0;
    return Double.parseDouble(parts[0]) * unit(Math.max(size, Math.abs(wanted)), type);
  }

  /** The distance of neighbouring numbers of a type. */
  private static double unit(double number, DType type) {
    return switch (type) {
      case FLOAT64 -> Math.ulp(number);
      case BFLOAT16 -> Math.max(0x1p-133, Math.scalb(Math.ulp((float) number), 16));
      case FLOAT16 -> Math.max(0x1p-24, Math.scalb(Math.ulp((float) number), 13));
      default -> Math.ulp((float) number);
    };
  }

  private static long bits(double number, boolean ignoresSignOfZero) {
    return Double.doubleToLongBits(ignoresSignOfZero ? number + 0.0 : number);
  }

  /** FNV-1a over elements. */
  private static long hash(Tensor x, boolean isSigned) {
    Buffer buffer = x.buffer();
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < buffer.size(); i++) {
      long bits =
          buffer.isWhole()
              ? buffer.longs[i]
              : x.dtype() == DType.BOOL ? (long) buffer.get(i) : bits(buffer.get(i), !isSigned);
      hash = (hash ^ bits) * 0x100000001B3L;
      hash ^= hash >>> 32;
    }
    return hash;
  }
}

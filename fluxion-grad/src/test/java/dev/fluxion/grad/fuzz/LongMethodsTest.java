package dev.fluxion.grad.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.testing.SourceCompiler;
import java.io.IOException;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Derivatives of methods that are longer than HotSpot compiles, and of many methods. */
@Execution(ExecutionMode.CONCURRENT)
class LongMethodsTest {
  private static final double[] AT = {0.37, 0.51};

  private static String repeat(int times, IntFunction<String> line) {
    return IntStream.range(0, times).mapToObj(line).collect(Collectors.joining("\n"));
  }

  @SuppressWarnings("unchecked")
  private static Fn1<double[], Double> compile(String members) throws IOException {
    String text =
        "package generated; import dev.fluxion.grad.*; public class Long {"
            + " public static Fn1<double[], Double> f() { return v -> f(v[0], v[1]); } "
            + members
            + "}";
    try (SourceCompiler compiler = new SourceCompiler()) {
      ClassLoader loader = compiler.compile(Map.of("generated.Long", text));
      return (Fn1<double[], Double>)
          Class.forName("generated.Long", true, loader).getMethod("f").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reverse mode, forward mode and differences agree. */
  private static void check(String members) throws IOException {
    Fn1<double[], Double> f = compile(members);
    var reverse = Grad.valueAndGradient(f, AT.clone());
    assertEquals(f.apply(AT.clone()), reverse.value());
    for (int i = 0; i < 2; i++) {
      double[] direction = new double[2];
      direction[i] = 1;
      double forward = Grad.jvp(f, AT.clone(), direction).tangent();
      double step = 1e-6;
      double[] up = AT.clone();
      double[] down = AT.clone();
      up[i] += step;
      down[i] -= step;
      double slope = (f.apply(up) - f.apply(down)) / (2 * step);
      double scale = Math.max(1, Math.abs(slope));
      assertEquals(forward, reverse.gradient()[i], 1e-10 * scale);
      assertEquals(slope, reverse.gradient()[i], 1e-6 * scale);
    }
  }

  private static String straight(int lines) {
    return "static double f(double x, double y) {"
        + repeat(40, i -> "double v" + i + " = x * 0." + (i + 1) + " + y;")
        + repeat(
            lines,
            i -> {
              int a = i % 40;
              int b = (i * 7 + 3) % 40;
              int c = (i * 5 + 1) % 40;
              return switch (i % 4) {
                case 0 -> "v" + a + " = v" + b + " * x - v" + c + " * y;";
                case 1 -> "v" + a + " = v" + b + " * y + x;";
                case 2 -> "v" + a + " = Math.sin(v" + b + ");";
                default -> "v" + a + " = v" + b + " * x + v" + c + " * 0.5;";
              };
            })
        + "double r = 0;"
        + repeat(40, i -> "r += v" + i + ";")
        + "return r; }";
  }

  @Test
  void fiveThousandLines() throws IOException {
    check(straight(4880)); // with the first and last ones
  }

  @Test
  void aHessianOfManyLines() throws IOException {
    Fn1<double[], Double> f = compile(straight(600));
    double[][] hessian = Grad.hessian(f, AT.clone());
    for (int i = 0; i < 2; i++) {
      double step = 1e-5;
      double[] up = AT.clone();
      double[] down = AT.clone();
      up[i] += step;
      down[i] -= step;
      for (int j = 0; j < 2; j++) {
        double slope = (Grad.gradient(f, up)[j] - Grad.gradient(f, down)[j]) / (2 * step);
        assertEquals(slope, hessian[i][j], 1e-6 * Math.max(1, Math.abs(slope)));
      }
    }
  }

  @Test
  void twoThousandMethods() throws IOException {
    check(
        "static double f(double x, double y) { return m1(x, y); }"
            + repeat(
                2000,
                k -> {
                  int i = k + 1;
                  return "static double m"
                      + i
                      + "(double x, double y) { double r = x * 0.5 + y;"
                      + " for (int i = 0; i < 2; i++) { r = Math.sin(r) + x * y * 0.1;"
                      + " if (r > 0.5) { r -= 0.25 * y; } }"
                      + (2 * i <= 2000 ? " r += 0.5 * m" + 2 * i + "(r, y);" : "")
                      + (2 * i + 1 <= 2000 ? " r += 0.5 * m" + (2 * i + 1) + "(x, r);" : "")
                      + " return r; }";
                }));
  }

  @Test
  void aLoopOfManyBranches() throws IOException {
    check(
        "static double f(double x, double y) { double s = x; for (int i = 0; i < 3; i++) {"
            + repeat(150, k -> "s = s * Math.sin(y) + x; if (s > 0.8) { s -= y; }")
            + "} return s; }");
  }

  @Test
  void aSwitchOfManyCases() throws IOException {
    check(
        "static double f(double x, double y) { double s = x; for (int i = 0; i < 300; i++) {"
            + " switch (i * 7 % 300) {"
            + repeat(
                300, k -> "case " + k + ": s = 0.9 * Math.sin(s + y * 0.0" + k + ") + x; break;")
            + " default: s += 1; } } return s; }");
  }

  @Test
  void aLongTryStatement() throws IOException {
    check(
        "static double f(double x, double y) { double s = x; int[] zero = new int[1];"
            + " try {"
            + repeat(40, k -> "s = s * Math.sin(y) + x * 0.5; if (s > 3) { zero[0]++; }")
            + " zero[0] = 1 / zero[0]; s = 100 * x; } catch (ArithmeticException e) { s = s * y;"
            + " } return s; }");
  }

  private static final String TRY =
      "static double f(double x, double y) { double s = x; int[] zero = new int[1]; try {\n";

  @Test
  void aTryStatementOfHundredsOfLines() throws IOException {
    check(
        TRY
            + repeat(300, k -> "s = s * Math.sin(y) + x * 0.5; if (s > 3) { zero[0]++; }")
            + " zero[0] = 1 / zero[0]; s = 100 * x; } catch (ArithmeticException e) { s = s * y;"
            + " } return s; }");
  }

  @Test
  void anExceptionInTheMiddleOfManyLines() throws IOException {
    check(
        TRY
            + repeat(
                150,
                k -> "s = s * Math.cos(y) + x * 0.5; zero[0] = 7 / (" + k + " - 90); s += x * y;")
            + "s = 100 * x; } catch (ArithmeticException e) { s = s * s * y; } finally { s += x; }"
            + " return s; }");
  }

  @Test
  void handlersWithinALongTryStatement() throws IOException {
    check(
        TRY
            + repeat(
                60,
                k ->
                    "try { s = s * Math.cos(y) + x; zero[0] = 7 / ("
                        + (k % 9)
                        + " - 4); s += y; } catch (IllegalStateException e) { s = 0; }"
                        + (k % 9 == 4 ? " finally { s -= 0.1 * x; }" : ""))
            + "s = 100 * x; } catch (ArithmeticException e) { s = s * s * y; } return s; }");
  }

  @Test
  void hundredsOfLinesWithALock() throws IOException {
    check(
        "static final Object LOCK = new Object(); static double f(double x, double y) {"
            + " double s = x; synchronized (LOCK) {"
            + repeat(300, k -> "s = s * Math.sin(y) + x * 0.5; if (s > 3) { s -= y; }")
            + "} return s * y; }");
  }

  @Test
  void theTraceOfAnExceptionInTheMiddleOfManyLines() throws IOException {
    Fn1<double[], Double> f =
        compile(
            TRY
                + repeat(
                    120,
                    k ->
                        "s = s * Math.sin(y) + x * 0.5;"
                            + (k == 80
                                ? "\nif (s < 9) { throw new IllegalStateException(); }"
                                : ""))
                + "} catch (ArithmeticException e) { s = s * y; } return s; }");
    StackTraceElement plain =
        assertThrows(IllegalStateException.class, () -> f.apply(AT.clone())).getStackTrace()[0];
    StackTraceElement differentiated =
        assertThrows(IllegalStateException.class, () -> Grad.gradient(f, AT.clone()))
            .getStackTrace()[0];
    assertEquals(plain.getLineNumber(), differentiated.getLineNumber());
    assertEquals(plain.getMethodName(), differentiated.getMethodName());
  }
}

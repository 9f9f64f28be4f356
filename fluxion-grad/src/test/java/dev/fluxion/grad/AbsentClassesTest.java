package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fluxion.testing.SourceCompiler;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Code that names classes which are not there, as those of an optional dependency that was left
 * out. What runs without them is differentiated; else it is said where the code needs which one.
 */
class AbsentClassesTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();

  /** The classes that are compiled with the others and then are not there. */
  private static final String ABSENT =
      """
      class Absent {
        static double factor = 2;
        static double square(double x) { return x * x; }
        static Absent make() { return new Absent(1); }
        double value;
        int count;
        Absent(double x) { value = x; }
        double get() { return value; }
      }
      interface AbsentShape { double area(double x); }
      enum AbsentChoice { A, B }
      class AbsentException extends RuntimeException {}
      """;

  @AfterAll
  static void close() throws Exception {
    COMPILER.close();
  }

  /** What a program gives, in which {@code f} is a function of the code given. */
  private static double run(String result, String function, String classes) throws Exception {
    String program =
        """
        import dev.fluxion.grad.*;
        import java.util.*;
        import java.util.function.*;
        public class Program implements DoubleSupplier {
          Other other = new Other();
          static double outer(double x) { return inner(x, new Other()); }
          static double inner(double x, Other other) {
            return %s;
          }
          public double getAsDouble() {
            Scalar1 f = x -> outer(x);
            return %s;
          }
        }
        %s
        """
            .formatted(
                function, result, classes.contains("class Other") ? classes : classes + OTHER);
    ClassLoader loader =
        COMPILER.compile(
            Map.of("Program", program + ABSENT),
            Set.of("Absent", "AbsentShape", "AbsentChoice", "AbsentException"));
    Class<?> type = loader.loadClass("Program");
    return ((DoubleSupplier) type.getConstructor().newInstance()).getAsDouble();
  }

  private static final String OTHER = "class Other {}";

  /** A function that is x² at 3, and runs though classes are absent, has the derivative 6. */
  private static void works(String function, String classes) throws Exception {
    assertEquals(9, run("f.apply(3)", function, classes));
    assertEquals(6, run("Grad.gradient(f, 3)", function, classes), 1e-12);
    assertEquals(6, run("Grad.derivative(f, 3)", function, classes), 1e-12);
  }

  private static void says(String expected, String function, String classes) {
    for (String result : new String[] {"Grad.gradient(f, 3)", "Grad.derivative(f, 3)"}) {
      GradientException said =
          assertThrows(GradientException.class, () -> run(result, function, classes));
      assertEquals(expected, said.getMessage());
    }
  }

  @Test
  void ofAParameterOrResult() throws Exception {
    works(
        "other.f(x, null)",
        "class Other { static double f(double x, Absent a) { return x * x; } }");
    works(
        "other.f(x, other.none(x))",
        """
        class Other {
          Absent none(double x) { return null; }
          double f(double x, Absent a) { return a == null ? x * x : a.get(); }
        }
        """);
    works(
        "new Below().f(x, null)",
        """
        class Base { double f(double x, Absent a) { return x * x; } }
        class Below extends Base { double f(double x, Absent a) { return super.f(x, a); } }
        """);
    works(
        "other.f(x, null, 3)",
        """
        class Other {
          double f(double x, Absent a, int n) { return n == 0 ? x * x : f(x, a, n - 1); }
        }
        """);
    works(
        "other.f(x, null)",
        """
        class Other {
          double f(double x, Absent a) {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
              sum += x * x / 3;
              a = i > 5 ? new Absent(x) : a;
            }
            return a == null ? sum : sum + 1;
          }
        }
        """);
  }

  @Test
  void ofAParameterOfAMethodThatIsChosenByTheReceiver() throws Exception {
    works(
        "other.make(x).f(x, null)",
        """
        interface Shape { double f(double x, Absent a); }
        class Square implements Shape { public double f(double x, Absent a) { return x * x; } }
        class Lost implements Shape {
          public double f(double x, Absent a) { return Absent.square(x); }
        }
        class Other { Shape make(double x) { return x < 0 ? new Lost() : new Square(); } }
        """);
    works(
        "other.guarded(x, new Square())",
        """
        interface Shape { Absent change(double[] x); }
        class Square implements Shape {
          public Absent change(double[] x) { x[0] *= x[0]; return null; }
        }
        class Lost implements Shape { public Absent change(double[] x) { return null; } }
        class Other {
          double guarded(double x, Shape shape) {
            double[] a = {x};
            try {
              return shape.change(a) == null ? a[0] : x;
            } catch (IllegalStateException e) {
              return 0;
            }
          }
        }
        """);
  }

  @Test
  void ofAField() throws Exception {
    works(
        "new Held(x).square()",
        """
        class Held {
          Absent absent;
          double value;
          Held(double x) { absent = null; value = x; }
          double square() { return absent == null ? value * value : 0; }
        }
        """);
    works("other.value * x * x", "class Other { Absent absent; double value = 1; }");
    works(
        "other.f(x)", "class Other { static Absent absent; double f(double x) { return x * x; } }");
    works(
        "other.f(x)",
        """
        class Own extends RuntimeException { Absent absent; }
        class Other {
          double f(double x) {
            try {
              if (x < 0) { throw new Own(); }
              return x * x;
            } catch (Own e) {
              return 0;
            }
          }
        }
        """);
    works(
        "new Function().apply(x)",
        "class Function implements Scalar1 { Absent absent;"
            + " public double apply(double x) { return x * x; } void f(Absent a) {} }");
    says(
        "cannot differentiate the constructors of Held: its final field x can be set by reflection"
            + " only, which fails since the class of another field is not on the class path; put it"
            + " there, or give the method around it a rule with Grad.rule"
            + "\n  called at Other.f(Program.java:18)"
            + CALLED_IN_INNER
            + CALLED_IN_OUTER,
        "other.f(x)",
        """
        class Other {
          Held held;
          double f(double x) {
            held = new Held(x);
            return held.square();
          }
        }
        class Held {
          Absent absent;
          final double x;
          Held(double x) { this.x = x; }
          double square() { return x * x; }
        }
        """);
  }

  private static final String CALLED_IN_INNER = "\n  called at Program.inner(Program.java:8)";

  private static final String CALLED_IN_OUTER =
      "\n  called at Program.outer(Program.java:6)"
          + "\n  called at Program.getAsDouble(Program.java:11)"
          + "\n  called at Program.getAsDouble(Program.java:12)";

  @Test
  void inABranchThatIsNotTaken() throws Exception {
    String[] needed = {
      "Absent.square(x)",
      "x * Absent.factor",
      "new Absent(x).get()",
      "Absent.make().value",
      "new Absent[] {new Absent(x)}[0].value",
      "x * new Absent(x).count",
      "((Function<Absent, Double>) a -> a.value * x).apply(null)",
      "((DoubleUnaryOperator) Absent::square).applyAsDouble(x)",
      "object instanceof Absent a ? a.value * x : x",
      "x * Absent.class.getName().length()",
      "((AbsentShape) object).area(x)",
      "switch ((AbsentChoice) object) { case A -> x; case B -> 2 * x; }",
      "new Below(x).get()",
      "fails(x)",
    };
    for (String one : needed) {
      works(
          "other.f(x, \"\")",
          """
          import java.util.function.*;
          class Below extends Absent { Below(double x) { super(x); } }
          class Other {
            double fails(double x) { return Absent.square(x); }
            double f(double x, Object object) {
              if (x < 0) {
                return %s;
              }
              return x * x;
            }
          }
          """
              .replace("import java.util.function.*;\n", "")
              .formatted(one));
    }
    works("x < 0 ? Absent.square(x) : x * x", "");
    works(
        "java.util.stream.DoubleStream.of(x).map(y -> y < 0 ? Absent.square(y) : y * y).sum()", "");
  }

  private static final String NEEDS =
      ": it needs Absent, which is not on the class path; put it there, or give the method around"
          + " it a rule with Grad.rule";

  @Test
  void whereItIsNeeded() {
    says(
        "cannot differentiate the call of Absent.square at Program.inner(Program.java:8)"
            + NEEDS
            + CALLED_IN_OUTER,
        "Absent.square(x)",
        "");
    says(
        "cannot differentiate new Absent at Program.inner(Program.java:8)"
            + NEEDS
            + CALLED_IN_OUTER,
        "new Absent(x).get()",
        "");
    says(
        "cannot differentiate the field Absent.factor at Program.inner(Program.java:8)"
            + NEEDS
            + CALLED_IN_OUTER,
        "Absent.factor * x",
        "");
    says(
        "cannot differentiate new Below at Program.inner(Program.java:8): it needs Below, which"
            + " needs Absent, which is not on the class path; put it there, or give the method"
            + " around it a rule with Grad.rule"
            + CALLED_IN_OUTER,
        "new Below(x).get()",
        "class Below extends Absent { Below(double x) { super(x); } }");
  }

  @Test
  void inABranchThatIsTaken() {
    says(
        "cannot differentiate the call of Absent.square at Other.f(Program.java:20)"
            + NEEDS
            + CALLED_IN_INNER
            + CALLED_IN_OUTER,
        "other.f(x)",
        """
        class Other {
          double f(double x) {
            double product = 1;
            for (double y = x; y > 0; y--) { product *= Math.sin(y); }
            try {
              return product + (x > 0 ? Absent.square(x) : x);
            } catch (IllegalStateException e) {
              return 0;
            }
          }
        }
        """);
  }

  @Test
  void whereCodeCanDoWithoutTheClass() throws Exception {
    works(
        "other.f(x)",
        """
        class Other {
          double f(double x) {
            try {
              return Absent.square(x);
            } catch (NoClassDefFoundError e) {
              return x * x;
            }
          }
        }
        """);
    works(
        "other.make(x).area()",
        """
        interface Shape { double area(); }
        class Fast implements Shape {
          final double area;
          Fast(double x) { area = Absent.square(x); }
          public double area() { return area; }
        }
        class Slow implements Shape {
          final double x;
          Slow(double x) { this.x = x; }
          public double area() { return x * x; }
        }
        class Other {
          Shape make(double x) {
            try {
              return new Fast(x);
            } catch (LinkageError e) {
              return new Slow(x);
            }
          }
        }
        """);
  }

  /** The virtual machine refuses such a class as a whole. */
  @Test
  void ofAnExceptionThatIsCaught() {
    says(
        "cannot differentiate Catching.f(Program.java:20): it catches AbsentException, which is not on"
            + " the class path; put it there, or give the method around it a rule with Grad.rule"
            + CALLED_IN_INNER
            + CALLED_IN_OUTER,
        "Catching.f(x)",
        """
        class Catching {
          static double f(double x) {
            try {
              return Math.sin(x);
            } catch (AbsentException e) {
              return 0;
            }
          }
        }
        """);
  }

  @Test
  void inARecordWhoseGradientIsAskedFor() {
    GradientException said =
        assertThrows(
            GradientException.class,
            () ->
                run(
                    "Grad.gradient(pair -> pair.x(), new Pair(3, null)).x()",
                    "x",
                    "record Pair(double x, Absent absent) {}"));
    assertEquals(
        "the gradient in a Pair cannot be made: a component is a Absent, which is not on the class"
            + " path; put it there",
        said.getMessage());
  }
}

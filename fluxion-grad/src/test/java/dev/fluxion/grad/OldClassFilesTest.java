package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.LambdaRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.attribute.InnerClassesAttribute;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DirectMethodHandleDesc.Kind;
import java.lang.constant.MethodHandleDesc;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Class files as compilers up to Java 5 wrote them, which say nothing of the types of variables
 * where paths meet. Many libraries are still built so.
 */
class OldClassFilesTest {
  /** Where paths meet there are arrays, objects of two classes, and null. */
  public static final class Meeting implements ToDoubleFunction<double[]> {
    @Override
    public double applyAsDouble(double[] x) {
      double[] numbers = null;
      for (int i = 0; i < x.length; i++) {
        if (numbers == null) {
          numbers = x[i] > 0 ? new double[] {x[i], 1} : x.clone();
        } else {
          double[] longer = new double[numbers.length + 1];
          System.arraycopy(numbers, 0, longer, 0, numbers.length);
          longer[numbers.length] = x[i] * numbers[0];
          numbers = longer;
        }
      }
      double[] all = numbers == null ? x : numbers;
      return apply(all.length > 2 ? new Square(x[0]) : new Cube(), all[all.length - 1]);
    }

    private static double apply(DoubleUnaryOperator f, double x) {
      return f.applyAsDouble(x);
    }
  }

  /** x ↦ x² factor. */
  public static final class Square implements DoubleUnaryOperator {
    private final double factor;

    /** Squares times a factor. */
    public Square(double factor) {
      this.factor = factor;
    }

    @Override
    public double applyAsDouble(double x) {
      return factor * x * x;
    }
  }

  /** x ↦ x³. */
  public static final class Cube implements DoubleUnaryOperator {
    @Override
    public double applyAsDouble(double x) {
      return x * x * x;
    }
  }

  /** A lambda that reads a field: its code is a private method of the object. */
  public static final class Capturing implements ToDoubleFunction<double[]> {
    private double factor;

    @Override
    public double applyAsDouble(double[] x) {
      factor = x[0];
      DoubleUnaryOperator cube = v -> factor * v * v * v;
      return cube.applyAsDouble(x[1]) * Stream.of(x[0], x[1]).mapToDouble(v -> factor * v).sum();
    }
  }

  /** Loads the classes above as they would have been compiled then. */
  private static final class Loader extends ClassLoader {
    private static final Set<String> OLD =
        Set.of(
            Meeting.class.getName(),
            Square.class.getName(),
            Cube.class.getName(),
            Capturing.class.getName());

    Loader() {
      super(OldClassFilesTest.class.getClassLoader());
    }

    private static byte[] old(String name) throws IOException {
      try (InputStream in =
          OldClassFilesTest.class
              .getClassLoader()
              .getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (name.equals(Capturing.class.getName())) {
          return ofJava8(in.readAllBytes());
        }
        ClassFile context = ClassFile.of(StackMapsOption.DROP_STACK_MAPS);
        ClassTransform again = withoutNests(CodeTransform.ACCEPT_ALL, ClassFile.JAVA_5_VERSION);
        return context.transformClass(context.parse(in.readAllBytes()), again);
      }
    }

    /** Changes code, and makes the class file one of before Java 11, when there were no nests. */
    private static ClassTransform withoutNests(CodeTransform code, int version) {
      return ClassTransform.transformingMethodBodies(code)
          .andThen(
              ClassTransform.dropping(
                  element ->
                      element instanceof InnerClassesAttribute
                          || element instanceof NestHostAttribute))
          .andThen(
              (builder, element) ->
                  builder.with(
                      element instanceof ClassFileVersion
                          ? ClassFileVersion.of(version, 0)
                          : element));
    }

    /** Compilers had lambdas call private methods by {@code invokespecial} up to Java 10. */
    private static byte[] ofJava8(byte[] bytes) {
      ClassFile context = ClassFile.of();
      CodeTransform special =
          (builder, element) -> {
            LambdaRef lambda =
                element instanceof InvokeDynamicInstruction instruction
                    ? LambdaRef.of(instruction.invokedynamic().asSymbol()).orElse(null)
                    : null;
            if (lambda == null || lambda.implementation().kind() != Kind.VIRTUAL) {
              builder.with(element);
              return;
            }
            DirectMethodHandleDesc code = lambda.implementation();
            ConstantDesc[] arguments = lambda.site().bootstrapArgs();
            arguments[1] =
                MethodHandleDesc.of(
                    Kind.SPECIAL, code.owner(), code.methodName(), code.lookupDescriptor());
            builder.invokedynamic(lambda.site().withArgs(arguments));
          };
      return context.transformClass(
          context.parse(bytes), withoutNests(special, ClassFile.JAVA_8_VERSION));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!OLD.contains(name)) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try {
          byte[] bytes = old(name);
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      String type = name.replace('/', '.').replaceAll("\\.class$", "");
      try {
        return OLD.contains(type)
            ? new ByteArrayInputStream(old(type))
            : super.getResourceAsStream(name);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void typesAreInferredWherePathsMeet() throws Exception {
    Class<?> type = new Loader().loadClass(Meeting.class.getName());
    assertEquals(ClassFile.JAVA_5_VERSION, version(type));
    ToDoubleFunction<double[]> f = (ToDoubleFunction<double[]>) type.getConstructor().newInstance();
    Fn1<double[], Double> g = f::applyAsDouble;
    double[] x = {2, 3};
    // x₀ (x₀ x₁)²
    assertArrayEquals(new double[] {3 * 4 * 9, 2 * 8 * 3}, Grad.gradient(g, x), 1e-12);
    double[] dx = {1, 0};
    assertEquals(3 * 4 * 9, Grad.jvp(g, x, dx).tangent(), 1e-12);
    double[] one = {2};
    assertArrayEquals(new double[] {0}, Grad.gradient(g, one), 1e-12); // of 1³
    double[] negative = {-2};
    assertArrayEquals(new double[] {3 * 4}, Grad.gradient(g, negative), 1e-12);
  }

  @Test
  @SuppressWarnings("unchecked")
  void lambdasCallPrivateMethods() throws Exception {
    Class<?> type = new Loader().loadClass(Capturing.class.getName());
    assertEquals(ClassFile.JAVA_8_VERSION, version(type));
    ToDoubleFunction<double[]> f = (ToDoubleFunction<double[]>) type.getConstructor().newInstance();
    Fn1<double[], Double> g = f::applyAsDouble;
    double[] x = {2, 3}; // x₀² x₁³ (x₀ + x₁)
    double[] expected = {2 * 2 * 27 * 5 + 4 * 27, 4 * 27 * 5 + 4 * 27};
    assertArrayEquals(expected, Grad.gradient(g, x), 1e-12);
    assertEquals(expected[0], Grad.jvp(g, x, new double[] {1, 0}).tangent(), 1e-12);
  }

  private static int version(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      return ClassFile.of().parse(in.readAllBytes()).majorVersion();
    }
  }
}

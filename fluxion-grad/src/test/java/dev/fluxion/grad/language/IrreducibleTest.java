package dev.fluxion.grad.language;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Grad;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A loop that is entered in its middle, as the coroutines of other languages do it. */
class IrreducibleTest {
  private static final String NAME = "generated.Resumed";

  /**
   * <pre>
   * double applyAsDouble(double x) {
   *   double y = x;
   *   int n = 0;
   *   if (x > 1) goto middle;
   *   while (n < 5) {
   *     y = y * x;
   *     middle:
   *     y = y + x;
   *     n++;
   *   }
   *   return y;
   * }
   * </pre>
   */
  private static void code(CodeBuilder code) {
    Label loop = code.newLabel();
    Label middle = code.newLabel();
    Label end = code.newLabel();
    code.dload(1).dstore(3).iconst_0().istore(5);
    code.dload(1).dconst_1().dcmpl().ifgt(middle);
    code.labelBinding(loop).iload(5).iconst_5().if_icmpge(end);
    code.dload(3).dload(1).dmul().dstore(3);
    code.labelBinding(middle).dload(3).dload(1).dadd().dstore(3).iinc(5, 1).goto_(loop);
    code.labelBinding(end).dload(3).dreturn();
  }

  private static final class Loader extends ClassLoader {
    private final byte[] file =
        ClassFile.of()
            .build(
                ClassDesc.of(NAME),
                builder ->
                    builder
                        .withInterfaceSymbols(ClassDesc.of(DoubleUnaryOperator.class.getName()))
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            MethodTypeDesc.of(CD_void),
                            ClassFile.ACC_PUBLIC,
                            code ->
                                code.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.INIT_NAME,
                                        MethodTypeDesc.of(CD_void))
                                    .return_())
                        .withMethodBody(
                            "applyAsDouble",
                            MethodTypeDesc.of(CD_double, CD_double),
                            ClassFile.ACC_PUBLIC,
                            IrreducibleTest::code));

    Loader() {
      super(IrreducibleTest.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (!name.equals(NAME)) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return name.equals(NAME.replace('.', '/') + ".class")
          ? new ByteArrayInputStream(file)
          : super.getResourceAsStream(name);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.5", "1.5"})
  void loopsWithTwoEntriesAreDifferentiated(double x) throws ReflectiveOperationException {
    DoubleUnaryOperator f =
        (DoubleUnaryOperator)
            Class.forName(NAME, true, new Loader()).getDeclaredConstructor().newInstance();
    double h = 1e-6;
    double expected = (f.applyAsDouble(x + h) - f.applyAsDouble(x - h)) / (2 * h);
    assertEquals(expected, Grad.gradient(y -> f.applyAsDouble(y), x), 1e-6 * expected);
    assertEquals(expected, Grad.derivative(y -> f.applyAsDouble(y), x), 1e-6 * expected);
  }
}

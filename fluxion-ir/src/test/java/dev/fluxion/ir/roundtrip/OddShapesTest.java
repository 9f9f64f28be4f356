package dev.fluxion.ir.roundtrip;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Code that the verifier accepts but no Java compiler of today writes. */
class OddShapesTest {
  private static final ClassDesc ODD = ClassDesc.of("Odd");
  private static final ClassDesc BUILDER = ClassDesc.of("java.lang.StringBuilder");
  private static final ClassDesc NUMBER_FORMAT = ClassDesc.of("java.lang.NumberFormatException");
  private static final int STATIC = ClassFile.ACC_STATIC;
  private static final MethodTypeDesc INT_TO_STRING = MethodTypeDesc.of(CD_String, CD_int);
  private static final MethodTypeDesc VOID = MethodTypeDesc.of(CD_void);

  /** A class with {@code static String of(int)} and a {@code run} that calls it with 0 to 5. */
  private static ClassSet odd(int version, Consumer<CodeBuilder> code) {
    return ClassSet.build(
        "Odd",
        version,
        builder ->
            builder
                .withMethodBody("of", INT_TO_STRING, STATIC, code)
                .withMethodBody("run", MethodTypeDesc.of(CD_String), STATIC, OddShapesTest::run));
  }

  private static void run(CodeBuilder code) {
    code.new_(BUILDER).dup().invokespecial(BUILDER, INIT_NAME, VOID);
    for (int i = 0; i < 6; i++) {
      code.loadConstant(i).invokestatic(ODD, "of", INT_TO_STRING);
      code.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, CD_String));
      code.bipush(' ').invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, CD_char));
    }
    code.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(CD_String)).areturn();
  }

  private static void returnText(CodeBuilder code, ClassDesc type) {
    code.invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, type)).areturn();
  }

  @Test
  void stackInstructions() throws Exception {
    List<Consumer<CodeBuilder>> forms =
        List.of(
            c -> c.iload(0).bipush(7).swap().isub(),
            c -> c.iload(0).bipush(7).dup_x1().isub().imul(),
            c -> c.iload(0).bipush(7).bipush(5).dup_x2().isub().imul().iadd(),
            c -> c.ldc(9L).iload(0).dup_x2().pop().l2i().isub(),
            c -> c.iload(0).bipush(7).dup2().isub().imul().iadd(),
            c -> c.ldc(9L).dup2().lmul().l2i().iload(0).iadd(),
            c -> c.bipush(3).iload(0).bipush(7).dup2_x1().imul().isub().iadd().isub(),
            c -> c.iload(0).ldc(9L).dup2_x1().l2i().iadd().i2l().lsub().l2i(),
            c -> c.bipush(2).bipush(3).iload(0).bipush(7).dup2_x2().pop2().isub().imul().isub(),
            c -> c.ldc(5L).iload(0).bipush(7).dup2_x2().isub().i2l().lmul().l2i().imul().isub(),
            c -> c.iload(0).bipush(7).ldc(9L).dup2_x2().l2i().imul().isub().i2l().lmul().l2i(),
            c -> c.iload(0).i2l().ldc(9L).dup2_x2().lsub().lmul().l2i(),
            c -> c.iload(0).dup().dup2().pop().imul().iadd(),
            c -> c.ldc(1.5).iload(0).i2d().dup2_x2().dmul().dsub().d2i());
    for (int i = 0; i < forms.size(); i++) {
      Consumer<CodeBuilder> form = forms.get(i);
      ClassSet odd =
          odd(
              69,
              c -> {
                form.accept(c);
                returnText(c, CD_int);
              });
      odd.assertSame("Odd");
    }
  }

  @Test
  void irreducibleLoop() throws Exception {
    ClassSet odd =
        odd(
            69,
            c -> {
              Label left = c.newLabel();
              Label right = c.newLabel();
              Label end = c.newLabel();
              c.iconst_0().istore(1).iload(0).iconst_1().iand().ifeq(right);
              c.labelBinding(left).iinc(1, 3).iload(1).bipush(40).if_icmpgt(end);
              c.labelBinding(right).iload(1).iconst_2().imul().istore(1).iinc(0, -1);
              c.iload(0).ifgt(left).iload(1).iload(0).isub().bipush(-90).if_icmpgt(left);
              c.labelBinding(end).iload(1).iload(0).iadd();
              returnText(c, CD_int);
            });
    odd.assertSame("Odd");
  }

  @Test
  void firstInstructionIsALoop() throws Exception {
    odd(
            69,
            c -> {
              Label start = c.newBoundLabel();
              c.iinc(0, 3).iload(0).bipush(20).if_icmplt(start).iload(0);
              returnText(c, CD_int);
            })
        .assertSame("Odd");
  }

  /** An exception handler that is also entered by a jump, with an exception made by hand. */
  @Test
  void handlerReachedWithoutAnException() throws Exception {
    ClassSet odd =
        odd(
            69,
            c -> {
              Label from = c.newLabel();
              Label to = c.newLabel();
              Label handler = c.newLabel();
              Label normal = c.newLabel();
              c.iconst_5().istore(1).iload(0).iconst_3().if_icmpne(normal);
              c.new_(NUMBER_FORMAT).dup().ldc("by hand");
              c.invokespecial(NUMBER_FORMAT, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String));
              c.goto_(handler).labelBinding(normal).labelBinding(from);
              c.bipush(60).iload(0).idiv().istore(1).ldc("x1");
              c.invokestatic(
                  ClassDesc.of("java.lang.Integer"),
                  "parseInt",
                  MethodTypeDesc.of(CD_int, CD_String));
              c.labelBinding(to);
              returnText(c, CD_int);
              c.labelBinding(handler).iload(1).istore(2);
              c.invokevirtual(CD_Object, "toString", MethodTypeDesc.of(CD_String));
              c.iload(2).invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_int));
              c.invokevirtual(CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String));
              c.areturn().exceptionCatch(from, to, handler, CD_Throwable);
            });
    assertTrue(odd.assertSame("Odd").contains("by hand5"));
  }

  /** Before Java 6 there were no frames to tell types where paths meet. */
  @Test
  void classFilesWithoutFrames() throws Exception {
    ClassSet odd =
        odd(
            49,
            c -> {
              Label other = c.newLabel();
              Label join = c.newLabel();
              Label small = c.newLabel();
              Label end = c.newLabel();
              c.new_(BUILDER).dup();
              c.iload(0).iconst_2().if_icmpgt(other).iconst_3().newarray(TypeKind.BYTE);
              c.dup().astore(1).ldc("first").goto_(join);
              c.labelBinding(other).iconst_2().newarray(TypeKind.BYTE).dup().astore(1).ldc("two");
              c.labelBinding(join).swap().iconst_1().sipush(300).bastore();
              c.invokespecial(BUILDER, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String));
              c.astore(2).aload(2).aload(1).iconst_1().baload();
              c.iload(0).iconst_4().if_icmplt(small).ldc(2.5).goto_(end);
              c.labelBinding(small).ldc(-1.0).labelBinding(end).dstore(3);
              c.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, CD_int));
              c.dload(3).invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, CD_double));
              c.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(CD_String)).areturn();
            });
    assertTrue(odd.assertSame("Odd").startsWith("first44-1.0 "));
  }

  /** Frames that tools compute may have the type of null, which fits every use. */
  @Test
  void framesWithTheTypeOfNull() throws Exception {
    byte[] bytes =
        ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
            .build(
                ODD,
                builder ->
                    builder
                        .withMethodBody("of", INT_TO_STRING, STATIC, OddShapesTest::nulls)
                        .withMethodBody(
                            "run", MethodTypeDesc.of(CD_String), STATIC, OddShapesTest::run));
    assertEquals("a0 a1 a2 null null null ", ClassSet.of("Odd", bytes).assertSame("Odd"));
  }

  private static void nulls(CodeBuilder code) {
    Label loop = code.newLabel();
    Label end = code.newLabel();
    Label isNull = code.newLabel();
    code.aconst_null().astore(1).labelBinding(loop);
    code.iload(0).iconst_2().if_icmpgt(end).ldc("a").iload(0);
    code.invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_int));
    code.invokevirtual(CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String)).areturn();
    code.labelBinding(end).iinc(0, -1).iload(0).bipush(1).if_icmpgt(end);
    code.ldc("null").aload(1).ifnull(isNull);
    code.aload(1).invokevirtual(CD_String, "trim", MethodTypeDesc.of(CD_String)).pop();
    code.labelBinding(isNull).areturn();
    List<StackMapFrameInfo.VerificationTypeInfo> locals =
        List.of(SimpleVerificationTypeInfo.INTEGER, SimpleVerificationTypeInfo.NULL);
    code.with(
        StackMapTableAttribute.of(
            List.of(
                StackMapFrameInfo.of(loop, locals, List.of()),
                StackMapFrameInfo.of(end, locals, List.of()),
                StackMapFrameInfo.of(
                    isNull, locals, List.of(ObjectVerificationTypeInfo.of(CD_String))))));
  }

  /** An object under construction in local variables, across branches and in a loop. */
  @Test
  void objectsUnderConstructionInVariables() throws Exception {
    ClassSet odd =
        odd(
            69,
            c -> {
              Label again = c.newLabel();
              Label positive = c.newLabel();
              Label join = c.newLabel();
              c.ldc("").astore(3).labelBinding(again);
              c.new_(BUILDER).astore(1).aload(1).astore(2);
              c.iload(0).ifgt(positive).aload(1).ldc("none").goto_(join);
              c.labelBinding(positive).aload(1).ldc("some").labelBinding(join);
              c.invokespecial(BUILDER, INIT_NAME, MethodTypeDesc.of(CD_void, CD_String));
              c.aload(2)
                  .aload(3)
                  .invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, CD_String));
              c.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(CD_String)).astore(3);
              c.iinc(0, -1).iload(0).ifge(again).aload(3).areturn();
            });
    assertTrue(odd.assertSame("Odd").startsWith("none nonesome nonesomesome"));
  }

  @Test
  void dynamicConstants() throws Exception {
    MethodTypeDesc type =
        MethodTypeDesc.of(CD_Object, ConstantDescs.CD_MethodHandles_Lookup, CD_String, CD_Class);
    DirectMethodHandleDesc bootstrap =
        MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ODD, "constant", type);
    ClassSet odd =
        ClassSet.build(
            "Odd",
            69,
            builder ->
                builder
                    .withMethodBody(
                        "constant",
                        type,
                        STATIC,
                        c -> {
                          c.aload(1).areturn();
                        })
                    .withMethodBody(
                        "of",
                        INT_TO_STRING,
                        STATIC,
                        c -> {
                          c.ldc(DynamicConstantDesc.ofNamed(bootstrap, "named", CD_String));
                          c.ldc(
                              DynamicConstantDesc.ofNamed(
                                  ConstantDescs.BSM_PRIMITIVE_CLASS, "J", CD_Class));
                          c.invokevirtual(CD_Object, "toString", MethodTypeDesc.of(CD_String));
                          c.invokevirtual(
                              CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String));
                          c.ldc(ConstantDescs.NULL);
                          c.invokestatic(
                              CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_Object));
                          c.invokevirtual(
                              CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String));
                          c.areturn();
                        })
                    .withMethodBody(
                        "run", MethodTypeDesc.of(CD_String), STATIC, OddShapesTest::run));
    assertTrue(odd.assertSame("Odd").startsWith("namedlongnull "));
  }

  /** A constant whose class is missing fails where it stands, even if nobody uses it. */
  @Test
  void missingClassesFailWhereTheyStand() throws Exception {
    ClassDesc missing = ClassDesc.of("Missing");
    ClassSet odd =
        odd(
            69,
            c -> {
              Label from = c.newLabel();
              Label to = c.newLabel();
              Label handler = c.newLabel();
              c.labelBinding(from).ldc(missing).astore(1).aconst_null().instanceOf(missing).pop();
              c.labelBinding(to).ldc("found").areturn().labelBinding(handler);
              c.invokevirtual(CD_Object, "toString", MethodTypeDesc.of(CD_String)).areturn();
              c.exceptionCatchAll(from, to, handler);
            });
    assertTrue(odd.assertSame("Odd").startsWith("java.lang.NoClassDefFoundError: Missing"));
  }

  /**
   * Without frames the verifier joins what slots hold; no class must be loaded for what is dead.
   */
  @Test
  void missingClassesStayUnknownWithoutFrames() throws Exception {
    ClassDesc missing = ClassDesc.of("Missing");
    byte[] bytes =
        ClassFile.of()
            .build(
                ODD,
                builder ->
                    builder
                        .withVersion(48, 0)
                        .withField("it", missing, STATIC)
                        .withMethodBody("of", INT_TO_STRING, STATIC, c -> branches(c, missing))
                        .withMethodBody(
                            "run", MethodTypeDesc.of(CD_String), STATIC, OddShapesTest::run));
    assertEquals("s s s s s s ", ClassSet.of("Odd", bytes).assertSame("Odd"));
  }

  private static void branches(CodeBuilder code, ClassDesc missing) {
    MethodTypeDesc hash = MethodTypeDesc.of(CD_int);
    Label small = code.newLabel();
    Label join = code.newLabel();
    code.iload(0).bipush(100).if_icmplt(small).getstatic(ODD, "it", missing).astore(1);
    code.aload(1).invokevirtual(CD_Object, "hashCode", hash).pop();
    code.aload(1).invokevirtual(CD_Object, "hashCode", hash).pop().goto_(join);
    code.labelBinding(small).iload(0);
    code.invokestatic(CD_String, "valueOf", MethodTypeDesc.of(CD_String, CD_int)).astore(2);
    code.aload(2).invokevirtual(CD_Object, "hashCode", hash).pop();
    code.aload(2).invokevirtual(CD_Object, "hashCode", hash).pop();
    code.labelBinding(join).ldc("s").areturn();
  }

  @Test
  void subroutinesAreLeft() throws Exception {
    ClassSet odd =
        odd(
            49,
            c -> {
              Label routine = c.newLabel();
              c.with(DiscontinuedInstruction.JsrInstruction.of(Opcode.JSR, routine));
              c.iload(0);
              returnText(c, CD_int);
              c.labelBinding(routine).astore(1).iinc(0, 10);
              c.with(DiscontinuedInstruction.RetInstruction.of(Opcode.RET, 1));
            });
    RoundTrip trip = RoundTrip.of(odd.files().get("Odd"));
    assertEquals(2, trip.methods());
    assertEquals(1, trip.left().size());
    assertEquals("Odd.of(int)String", trip.left().getFirst().method());
    assertTrue(trip.left().getFirst().reason().contains("subroutines (jsr, ret)"));
    assertEquals(odd.run("Odd"), ClassSet.of("Odd", trip.classFile()).run("Odd"));
  }

  /** 10 bytes a step become more, for the copy of a call's result takes a variable. */
  @Test
  void methodsThatWouldBeTooLongAreLeft() throws Exception {
    ClassSet odd =
        odd(
            69,
            c -> {
              MethodTypeDesc type = MethodTypeDesc.of(CD_int, CD_int);
              ClassDesc math = ClassDesc.of("java.lang.Math");
              for (int i = 0; i < 6500; i++) {
                c.iload(0).invokestatic(math, "abs", type).dup().imul();
                c.invokestatic(math, "abs", type).pop();
              }
              c.iload(0);
              returnText(c, CD_int);
            });
    RoundTrip trip = RoundTrip.of(odd.files().get("Odd"));
    assertEquals(1, trip.left().size());
    assertTrue(trip.left().getFirst().reason().startsWith("its code cannot be written"));
    assertEquals(odd.run("Odd"), ClassSet.of("Odd", trip.classFile()).run("Odd"));
  }

  @Test
  void malformedClassFilesAreRefused() {
    byte[] bytes = {1, 2, 3};
    assertThrows(IllegalArgumentException.class, () -> RoundTrip.of(bytes));
  }

  @Test
  void transformerChoosesClasses() throws Exception {
    ClassSet odd = odd(69, c -> c.ldc("x").areturn());
    int[] methods = new int[1];
    RoundTripTransformer transformer =
        new RoundTripTransformer("Odd"::equals, trip -> methods[0] += trip.methods());
    byte[] bytes = odd.files().get("Odd");
    assertEquals(null, transformer.transform(null, null, "Other", null, null, bytes));
    byte[] changed = transformer.transform(null, null, "Odd", null, null, bytes);
    assertTrue(changed != null && changed.length > 0);
    assertEquals(2, methods[0]);
  }
}

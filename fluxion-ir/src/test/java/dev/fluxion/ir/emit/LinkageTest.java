package dev.fluxion.ir.emit;

import static dev.fluxion.ir.emit.Code.branch;
import static dev.fluxion.ir.emit.Code.link;
import static dev.fluxion.ir.emit.Code.to;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Outline;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.text.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How emitted code reaches other code, and what is reached. */
class LinkageTest {
  private static final MethodTypeDesc INT_TO_INT = MethodTypeDesc.of(CD_int, CD_int);

  static class Base {
    private int secret = 20;

    int depth() {
      return 1;
    }

    private int hidden(int by) {
      return secret + by;
    }
  }

  static class Middle extends Base {
    @Override
    int depth() {
      return 100;
    }
  }

  static class Bottom extends Middle {
    @Override
    int depth() {
      return 1000;
    }
  }

  private static ClassDesc describe(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }

  @Test
  void privateMembersOfTheNestAreInReach() throws Throwable {
    ClassDesc base = describe(Base.class);
    FieldRef secret = new FieldRef(base, "secret", CD_int, false);
    MethodHandle code =
        link(
            CD_int,
            List.of(base),
            Base.class,
            c -> {
              BlockBuilder b = c.entry();
              b.storeField(
                  secret,
                  c.parameter(0),
                  b.arithmetic(Arithmetic.ADD, b.loadField(secret, c.parameter(0)), b.constant(1)));
              b.returns(
                  b.call(
                      MethodRef.ofVirtual(base, "hidden", INT_TO_INT),
                      c.parameter(0),
                      b.constant(4)));
            });
    assertEquals(25, code.invoke(new Base()));
  }

  /** Exactly the method that is named, though the receiver's type overrides it twice. */
  @Test
  void specialCallsStartWhereTheyWereWritten() throws Throwable {
    for (Class<?> receiver : new Class<?>[] {Middle.class, Bottom.class}) {
      MethodHandle code =
          link(
              CD_int,
              List.of(describe(receiver)),
              receiver,
              c ->
                  c.entry()
                      .returns(
                          c.entry()
                              .call(
                                  new MethodRef(
                                      MethodRef.Dispatch.SPECIAL,
                                      describe(Base.class),
                                      "depth",
                                      MethodTypeDesc.of(CD_int),
                                      false),
                                  c.parameter(0))));
      assertEquals(1, code.invoke(new Bottom()));
    }
  }

  @Test
  void functionsCallThemselves() throws Throwable {
    AtomicReference<Function> self = new AtomicReference<>();
    Function factorial =
        Code.function(
            "factorial",
            LinkageTest.class,
            INT_TO_INT,
            c -> {
              BlockBuilder entry = c.entry();
              BlockBuilder done = c.block();
              BlockBuilder more = c.block();
              Value n = c.parameter(0);
              branch(entry, entry.compare(Comparison.LE, n, entry.constant(1)), to(done), to(more));
              done.returns(done.constant(1));
              Value less = more.arithmetic(Arithmetic.SUB, n, more.constant(1));
              more.returns(
                  more.arithmetic(
                      Arithmetic.MUL, n, requireNonNull(more.apply(self.get(), List.of(less)))));
            });
    self.set(factorial);
    assertEquals(120, link(factorial).invoke(5));
  }

  @Test
  void functionsCallEachOtherAndAreMadeWhenFirstCalled() throws Throwable {
    AtomicReference<Function> even = new AtomicReference<>();
    AtomicReference<Function> odd = new AtomicReference<>();
    List<String> made = new ArrayList<>();
    even.set(parity("even", odd, 1, made));
    odd.set(parity("odd", even, 0, made));
    MethodHandle handle = even.get().handle(Compiler.INSTANCE);
    assertEquals(1, handle.invoke(0));
    assertEquals(List.of("even"), made);
    assertEquals(0, handle.invoke(7));
    assertEquals(List.of("even", "odd"), made);
  }

  private static Function parity(
      String name, AtomicReference<Function> other, int ofZero, List<String> made) {
    return Code.function(
        name,
        LinkageTest.class,
        INT_TO_INT,
        c -> {
          made.add(name);
          BlockBuilder zero = c.block();
          BlockBuilder more = c.block();
          branch(c.entry(), c.parameter(0), to(more), to(zero));
          zero.returns(zero.constant(ofZero));
          Value less = more.arithmetic(Arithmetic.SUB, c.parameter(0), more.constant(1));
          more.returns(more.apply(other.get(), List.of(less)));
        });
  }

  @Test
  void constantsAreLiveObjects() throws Throwable {
    Object object = Map.of("live", 1);
    MethodHandle constant =
        link(
            CD_Object,
            List.of(),
            LinkageTest.class,
            c -> c.entry().returns(c.entry().constant(CD_Object, object)));
    assertSame(object, constant.invoke());
    MethodHandle typed =
        link(
            describe(Map.class),
            List.of(),
            LinkageTest.class,
            c -> c.entry().returns(c.entry().constant(describe(Map.class), object)));
    assertSame(object, typed.invoke());
  }

  @Test
  void methodHandlesAreCalledExactly() throws Throwable {
    MethodHandle length =
        MethodHandles.lookup()
            .findVirtual(String.class, "length", MethodType.methodType(int.class));
    MethodHandle code =
        link(
            CD_int,
            List.of(CD_String),
            LinkageTest.class,
            c -> {
              BlockBuilder b = c.entry();
              b.returns(
                  b.call(
                      MethodRef.ofVirtual(
                          CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CD_int, CD_String)),
                      b.constant(CD_MethodHandle, length),
                      c.parameter(0)));
            });
    assertEquals(5, code.invoke("hello"));
  }

  @Test
  void objectsAreMadeTestedAndLocked() throws Throwable {
    ClassDesc builder = describe(StringBuilder.class);
    MethodHandle code =
        link(
            CD_int,
            List.of(CD_Object),
            LinkageTest.class,
            c -> {
              BlockBuilder b = c.entry();
              Value made = new Value(builder);
              b.add(
                  new Op.New(
                      made,
                      MethodRef.ofConstructor(builder, CD_String),
                      List.of(b.cast(c.parameter(0), CD_String)),
                      Location.NONE));
              b.add(new Op.Monitor(true, made, Location.NONE));
              b.run(
                  MethodRef.ofVirtual(builder, "setLength", MethodTypeDesc.of(CD_void, CD_int)),
                  made,
                  b.constant(2));
              b.add(new Op.Monitor(false, made, Location.NONE));
              Value is = new Value(CD_int);
              b.add(new Op.InstanceOf(is, CD_String, c.parameter(0), Location.NONE));
              Value length =
                  b.call(MethodRef.ofVirtual(builder, "length", MethodTypeDesc.of(CD_int)), made);
              b.returns(b.arithmetic(Arithmetic.ADD, length, is));
            });
    assertEquals(3, code.invoke((Object) "text"));
    assertThrows(ClassCastException.class, () -> code.invoke((Object) 7));
  }

  /** Lines of another file, as inlined code has them, would be wrong ones in this class. */
  @Test
  void linesOfTheMainFileAreKept() {
    Function slope =
        Code.function(
            "Curve.slope",
            LinkageTest.class,
            INT_TO_INT,
            c -> {
              BlockBuilder b = c.entry().at(new Location("Curve.java", "Curve.slope", 41));
              Value array = b.newArray(CD_int.arrayType(), c.parameter(0));
              b.at(new Location("Other.java", "Other.inlined", 3));
              Value length = b.arrayLength(array);
              b.at(new Location("Curve.java", "Curve.slope", 43));
              b.returns(b.arithmetic(Arithmetic.DIV, length, c.parameter(0)));
            });
    byte[] bytes =
        Compiler.bytes(
            slope,
            new Outline(slope.body(), List.of()),
            ClassDesc.of("C"),
            "slope",
            new ArrayList<>());
    ClassModel model = ClassFile.of().parse(bytes);
    String file =
        model.findAttribute(Attributes.sourceFile()).orElseThrow().sourceFile().stringValue();
    List<Integer> lines = new ArrayList<>();
    for (CodeElement element : model.methods().getFirst().code().orElseThrow()) {
      if (element instanceof LineNumber line) {
        lines.add(line.line());
      }
    }
    assertEquals("Curve.java [41, 43]", file + " " + lines);
  }

  @Test
  void aClassOutOfReachIsNamedWithItsModule() {
    Function function =
        Code.function("far", Format.class, INT_TO_INT, c -> c.entry().returns(c.parameter(0)));
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> function.handle(Compiler.INSTANCE));
    @Nullable String message = thrown.getMessage();
    assertTrue(message != null && message.contains("opens java.text"), message);
    assertFalse(message.contains("null"), message);
  }
}

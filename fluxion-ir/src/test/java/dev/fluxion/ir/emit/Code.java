package dev.fluxion.ir.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Outline;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A body that a test writes by hand, to emit and call. */
final class Code {
  private final Body.Builder builder;

  private Code(MethodTypeDesc type) {
    this.builder = new Body.Builder("code", type);
  }

  /** A function of a type, whose body the consumer writes. */
  static Function function(String name, Class<?> host, MethodTypeDesc type, Consumer<Code> writer) {
    return new Function(
        name,
        type,
        host,
        () -> {
          Code code = new Code(type);
          writer.accept(code);
          return code.builder.build();
        });
  }

  /** Writes, verifies, emits and links code. */
  static MethodHandle link(ClassDesc result, List<ClassDesc> parameters, Consumer<Code> writer) {
    return link(result, parameters, Code.class, writer);
  }

  static MethodHandle link(
      ClassDesc result, List<ClassDesc> parameters, Class<?> host, Consumer<Code> writer) {
    MethodTypeDesc type = MethodTypeDesc.of(result, parameters);
    return link(function("code", host, type, writer));
  }

  static MethodHandle link(Function function) {
    List<Object> classData = new ArrayList<>();
    ClassDesc self = ClassDesc.of("dev.fluxion.ir.emit.Emitted");
    byte[] bytes =
        Compiler.bytes(function, new Outline(function.body(), List.of()), self, "code", classData);
    assertEquals(List.of(), ClassFile.of().verify(bytes));
    return function.handle(Compiler.INSTANCE);
  }

  BlockBuilder entry() {
    return builder.entry();
  }

  BlockBuilder block(ClassDesc... parameters) {
    return builder.block(parameters);
  }

  /** A parameter of the method. */
  Value parameter(int index) {
    return builder.entry().block().parameters().get(index);
  }

  /** A parameter of a block. */
  static Value parameter(BlockBuilder block, int index) {
    return block.block().parameters().get(index);
  }

  static void jump(BlockBuilder from, BlockBuilder to, Value... arguments) {
    from.branch(to.block(), arguments);
  }

  static void branch(BlockBuilder from, Value condition, Successor ifTrue, Successor ifFalse) {
    from.branch(condition, ifTrue, ifFalse);
  }

  static Successor to(BlockBuilder block, Value... arguments) {
    return Successor.to(block.block(), arguments);
  }

  static void choose(
      BlockBuilder from, Value key, List<Integer> labels, List<Successor> targets, Successor last) {
    from.end(new Terminator.Switch(key, labels, targets, last, from.location()));
  }

  static void handle(
      BlockBuilder block, @Nullable ClassDesc exception, BlockBuilder handler, Value... arguments) {
    block.handler(new Block.Handler(exception, to(handler, arguments)));
  }
}

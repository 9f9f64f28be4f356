package dev.fluxion.ir.emit;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the user's lines into the stack traces of exceptions that leave emitted code: the JVM leaves
 * out the frames of hidden classes.
 *
 * <p>Each line gets a handler that pushes its number and goes to where its method's lines add their
 * frame and throw on, or go to where those of the method do that it became part of. Handlers of the
 * code itself come first in the table of exceptions.
 */
final class Traces {
  private static final ClassDesc LINKAGE = Linkage.class.describeConstable().orElseThrow();

  private static final MethodTypeDesc TRACED =
      MethodTypeDesc.of(CD_Throwable, CD_Throwable, CD_int, CD_String, CD_String);
  private static final VerificationTypeInfo CAUGHT = ObjectVerificationTypeInfo.of(CD_Throwable);

  /** How long the handler of a line is. */
  static final int BYTES = 6;

  private final CodeBuilder code;
  private final Map<Location, List<Range>> ranges = new LinkedHashMap<>();
  private @Nullable Label start;
  private Location location = Location.NONE;

  private record Range(Label start, Label end) {}

  /** A method, where it became part of another by a call in that. */
  private record Method(String name, String file, @Nullable Location caller) {
    static Method of(Location line) {
      return new Method(line.method(), line.file(), line.caller());
    }
  }

  Traces(CodeBuilder code) {
    this.code = code;
  }

  /** Whether a body is the user's code: a reverse sweep runs none. */
  static boolean isWorthwhile(Body body) {
    return !body.name().endsWith("'");
  }

  /** What follows comes from a line. */
  void at(Location next) {
    if (next.line() > 0 && !next.equals(location)) {
      close();
      start = code.newBoundLabel();
      location = next;
    }
  }

  /** What follows comes from no line. */
  void stop() {
    close();
    start = null;
    location = Location.NONE;
  }

  private void close() {
    if (start != null) {
      ranges
          .computeIfAbsent(location, _ -> new ArrayList<>())
          .add(new Range(start, code.newBoundLabel()));
    }
  }

  /** Writes the handlers; gives their frames. */
  List<StackMapFrameInfo> emit() {
    close();
    List<StackMapFrameInfo> frames = new ArrayList<>();
    Map<Method, Label> methods = new LinkedHashMap<>();
    ranges.forEach(
        (line, parts) -> {
          Label handler = code.newBoundLabel();
          frames.add(frame(handler, CAUGHT));
          code.loadConstant(line.line());
          code.goto_(methods.computeIfAbsent(Method.of(line), _ -> code.newLabel()));
          parts.forEach(part -> code.exceptionCatchAll(part.start, part.end, handler));
        });
    Deque<Method> work = new ArrayDeque<>(methods.keySet());
    while (!work.isEmpty()) {
      Method method = work.poll();
      code.labelBinding(methods.get(method));
      frames.add(frame(methods.get(method), CAUGHT, SimpleVerificationTypeInfo.INTEGER));
      code.loadConstant(method.name);
      code.loadConstant(method.file);
      code.invokestatic(LINKAGE, "traced", TRACED);
      Location caller = method.caller;
      if (caller == null) {
        code.athrow();
        continue;
      }
      Method around = Method.of(caller);
      if (!methods.containsKey(around)) {
        methods.put(around, code.newLabel());
        work.add(around);
      }
      code.loadConstant(caller.line());
      code.goto_(methods.get(around));
    }
    return frames;
  }

  private static StackMapFrameInfo frame(Label label, VerificationTypeInfo... stack) {
    return StackMapFrameInfo.of(label, List.of(), List.of(stack));
  }
}

package dev.fluxion.ir.emit;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the user's lines into the stack traces of exceptions that leave emitted code: the JVM leaves
 * out the frames of hidden classes.
 *
 * <p>Each line gets a handler that adds its frame and throws on. Handlers of the code itself come
 * first in the table of exceptions.
 */
final class Traces {
  private static final ClassDesc LINKAGE = Linkage.class.describeConstable().orElseThrow();

  /** HotSpot does not compile methods over 8000 bytes, and a handler takes a dozen. */
  private static final int MOST_OPS = 500;

  private final CodeBuilder code;
  private final Map<Location, List<Range>> ranges = new LinkedHashMap<>();
  private @Nullable Label start;
  private Location location = Location.NONE;

  private record Range(Label start, Label end) {}

  Traces(CodeBuilder code) {
    this.code = code;
  }

  /** Whether a body is the user's code, and small enough. */
  static boolean isWorthwhile(Body body) {
    int ops = 0;
    for (Block block : body.blocks()) {
      ops += block.ops().size() + 1;
    }
    return ops <= MOST_OPS && !body.name().endsWith("'"); // a reverse sweep runs no code of users
  }

  /** What follows comes from a line. */
  void at(Location next) {
    if (next.line() > 0 && !next.equals(location)) {
      close();
      start = code.newBoundLabel();
      location = next;
    }
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
    ranges.forEach(
        (line, parts) -> {
          Label handler = code.newBoundLabel();
          frames.add(
              StackMapFrameInfo.of(
                  handler, List.of(), List.of(ObjectVerificationTypeInfo.of(CD_Throwable))));
          code.loadConstant(line.method());
          code.loadConstant(line.file());
          code.loadConstant(line.line());
          code.invokestatic(
              LINKAGE,
              "traced",
              MethodTypeDesc.of(CD_Throwable, CD_Throwable, CD_String, CD_String, CD_int));
          code.athrow();
          parts.forEach(part -> code.exceptionCatchAll(part.start, part.end, handler));
        });
    return frames;
  }
}

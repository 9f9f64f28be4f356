package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations that do nothing but say how a number is differentiated, for as long as code is being
 * transformed; code that runs has none.
 */
final class Marks {
  private static final ClassDesc OWNER = Marks.class.describeConstable().orElseThrow();

  private Marks() {}

  /** A number as one that depends on nothing. */
  static Op constant(Value result, Value number, Location location) {
    return mark("constant", result, List.of(number), location);
  }

  /** A number whose derivative in another is a third, besides what it has itself. */
  static Op result(Value result, Value number, Value input, Value partial, Location location) {
    return mark("result", result, List.of(number, input, partial), location);
  }

  private static Op mark(String name, Value result, List<Value> arguments, Location location) {
    List<ClassDesc> types = arguments.stream().map(Value::type).toList();
    MethodRef method = MethodRef.ofStatic(OWNER, name, MethodTypeDesc.of(result.type(), types));
    return new Op.Call(result, method, arguments, location);
  }

  /** The rule of a mark, or null for any other method. */
  static @Nullable Rule rule(MethodRef method) {
    if (!method.owner().equals(OWNER)) {
      return null;
    }
    List<ClassDesc> types = method.type().parameterList();
    return types.size() == 1
        ? new Rule(Arrays.asList((Rule.Vjp) null))
        : new Rule(Arrays.asList(vjp(method, false), vjp(method, true), null));
  }

  /** What the reverse sweep reads; it writes the pullbacks out. */
  private static Rule.Vjp vjp(MethodRef method, boolean readsPartial) {
    ClassDesc number = method.type().returnType();
    MethodTypeDesc type = method.type().insertParameterTypes(3, number, number);
    return new Rule.Vjp(null, null, type, new boolean[] {false, false, readsPartial, false, true});
  }

  /** Whether an operation is one of these. */
  static boolean isMark(Op op) {
    return op instanceof Op.Call call && call.method().owner().equals(OWNER);
  }

  /** The body with marked numbers in the place of what marks them. */
  static Body erase(Body body) {
    Map<Value, Value> replacements = new HashMap<>();
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      rewriter
          .ops(block)
          .removeIf(
              op -> {
                if (isMark(op) && op.result() != null) {
                  replacements.put(op.result(), op.operands().get(0));
                }
                return isMark(op);
              });
    }
    rewriter.replace(replacements);
    return rewriter.build();
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.Lifter;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which calls work element by element, and so can be parts of a {@link Program}: operations of
 * tensors, and rules that are made of such.
 */
final class Vocabulary {
  private static final ClassDesc TENSOR = desc(Tensor.class);
  private static final ClassDesc ELEMENTWISE = desc(Elementwise.class);
  private static final ClassDesc SLOPE = desc(Slope.class);
  private static final ClassDesc ADJOINTS = desc(Adjoints.class);

  private static final Map<String, Unary> UNARY = new HashMap<>();
  private static final Map<String, Binary> BINARY = new HashMap<>();

  /** Those that take a number, too. */
  private static final Set<Binary> OF_NUMBERS =
      Set.of(Functions.PLUS, Functions.MINUS, Functions.TIMES, Functions.DIV);

  static {
    for (Unary f :
        List.of(
            Functions.NEG,
            Functions.SQUARE,
            Functions.ABS,
            Functions.SQRT,
            Functions.RSQRT,
            Functions.EXP,
            Functions.EXPM1,
            Functions.LOG,
            Functions.LOG1P,
            Functions.SIN,
            Functions.COS,
            Functions.TAN,
            Functions.ATAN,
            Functions.ASIN,
            Functions.ACOS,
            Functions.SINH,
            Functions.COSH,
            Functions.ASINH,
            Functions.ACOSH,
            Functions.ATANH,
            Functions.EXP2,
            Functions.LOG2,
            Functions.LOG10,
            Functions.RECIPROCAL,
            Functions.TANH,
            Functions.SIGMOID,
            Functions.RELU,
            Functions.SOFTPLUS,
            Functions.ERF,
            Functions.GELU)) {
      UNARY.put(f.name(), f);
    }
    for (Binary f :
        List.of(
            Functions.PLUS,
            Functions.MINUS,
            Functions.TIMES,
            Functions.DIV,
            Functions.MAXIMUM,
            Functions.MINIMUM,
            Functions.ATAN2,
            Functions.HYPOT,
            Functions.LOG_ADD_EXP,
            Functions.XLOGY)) {
      BINARY.put(f.name(), f);
    }
  }

  /** What was found out about each function behind a handle. */
  private static final ClassValue<Map<Function, Optional<Template>>> TEMPLATES =
      new ClassValue<>() {
        @Override
        protected Map<Function, Optional<Template>> computeValue(Class<?> host) {
          return new ConcurrentHashMap<>();
        }
      };

  private Vocabulary() {}

  /** What is computed with. */
  sealed interface Term {}

  /** An argument of a template. */
  record Parameter(int index) implements Term {}

  /** A number, or another object that is always the same. */
  record Literal(@Nullable Object value) implements Term {}

  /**
   * An operation on terms.
   *
   * @param function null where the kind says it all
   */
  record Operation(Kind kind, @Nullable Entrywise function, List<Term> operands) implements Term {}

  /** What an operation does. */
  enum Kind {
    /** A function of one number. */
    UNARY,
    /** A function of two numbers, of which the second may be the same for all elements. */
    BINARY,
    /** A tangent or cotangent times a slope: the zeros of the value where that is whole. */
    SLOPE,
    /** The sum of two cotangents, of which null is zero. */
    SUM,
    /** A cotangent of a result summed to an argument's shape, in its type. */
    TOWARD,
    /** A tangent of an argument stretched to a result's shape, in its type. */
    ALONG
  }

  /**
   * What a call computes, in terms of its arguments.
   *
   * @param isGuarded whether it computes nothing, and gives null, for a null tensor, which stands
   *     for a zero
   */
  record Template(Term result, boolean isGuarded) {}

  /** What a call computes, or null where that is not a matter of elements. */
  static @Nullable Template of(Callee callee) {
    Function function = callee.function();
    if (function == null) {
      List<Term> arguments = new ArrayList<>();
      int count = parameters(callee.method());
      for (int i = 0; i < count; i++) {
        arguments.add(new Parameter(i));
      }
      Term term = operation(callee.method(), arguments);
      return term == null ? null : new Template(term, false);
    }
    return TEMPLATES
        .get(function.host())
        .computeIfAbsent(function, made -> Optional.ofNullable(template(made)))
        .orElse(null);
  }

  private static int parameters(MethodRef method) {
    int receiver = method.dispatch() == MethodRef.Dispatch.STATIC ? 0 : 1;
    return method.type().parameterCount() + receiver;
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /** A call as an operation on terms, or null. */
  private static @Nullable Operation operation(MethodRef method, List<Term> arguments) {
    String name = method.name();
    ClassDesc owner = method.owner();
    if (owner.equals(TENSOR)) {
      return ofTensor(method, arguments);
    }
    if (owner.equals(ADJOINTS) && name.equals("sum")) {
      return new Operation(Kind.SUM, Functions.PLUS, arguments);
    }
    if (owner.equals(ELEMENTWISE)) {
      return switch (name) {
        case "toward" -> new Operation(Kind.TOWARD, null, arguments);
        case "along" -> new Operation(Kind.ALONG, null, arguments);
        case "share" -> new Operation(Kind.BINARY, Functions.SHARE_GREATER, arguments);
        default -> null;
      };
    }
    boolean isProduct = owner.equals(SLOPE) && (name.equals("times") || name.equals("timesStep"));
    return isProduct && arguments.get(0) instanceof Literal(Slope slope)
        ? new Operation(Kind.SLOPE, slope.product(), arguments.subList(1, 3))
        : null;
  }

  private static @Nullable Operation ofTensor(MethodRef method, List<Term> arguments) {
    if (arguments.size() == 1 && method.type().returnType().equals(TENSOR)) {
      Unary f = UNARY.get(method.name());
      return f == null ? null : new Operation(Kind.UNARY, f, arguments);
    }
    Binary f = arguments.size() == 2 ? BINARY.get(method.name()) : null;
    if (f == null) {
      return null;
    }
    ClassDesc second = method.type().parameterType(0);
    return second.equals(TENSOR)
            || (second.descriptorString().equals("D") && OF_NUMBERS.contains(f))
        ? new Operation(Kind.BINARY, f, arguments)
        : null;
  }

  /** What a rule computes, whose function does nothing but call it unless its cotangent is null. */
  private static @Nullable Template template(Function function) {
    ClassDesc host = desc(function.host());
    for (Block block : function.body().blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Call call && call.method().owner().equals(host)) {
          Term term =
              term(Lifter.lift(function.host(), call.method().name(), call.method().type()));
          return term == null ? null : new Template(term, function.body().blocks().size() > 1);
        }
      }
    }
    return null;
  }

  /** What code computes that does nothing but operations on elements. */
  private static @Nullable Term term(Body body) {
    if (body.blocks().size() > 1) {
      return null;
    }
    Block block = body.entry();
    Map<Value, Term> terms = new HashMap<>();
    for (Value parameter : block.parameters()) {
      terms.put(parameter, new Parameter(terms.size()));
    }
    for (Op op : block.ops()) {
      Term term = term(op, terms);
      if (term == null || op.result() == null) {
        return null;
      }
      terms.put(op.result(), term);
    }
    return block.terminator() instanceof Terminator.Return end
            && end.value() != null
            && end.value().type().equals(TENSOR)
        ? terms.get(end.value())
        : null;
  }

  private static @Nullable Term term(Op op, Map<Value, Term> terms) {
    return switch (op) {
      case Op.Constant constant -> new Literal(constant.value());
      case Op.LoadField load when load.field().owner().equals(SLOPE) && load.receiver() == null ->
          new Literal(Slope.valueOf(load.field().name()));
      case Op.Call call -> {
        List<Term> arguments = new ArrayList<>();
        for (Value argument : call.arguments()) {
          arguments.add(terms.get(argument));
        }
        yield operation(call.method(), arguments);
      }
      default -> null;
    };
  }
}

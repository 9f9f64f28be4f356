package dev.fluxion.ir.text;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values by the names that the source gives them, and operations as a Java programmer writes them:
 * for people, and not to be parsed.
 *
 * <p>Several values of one variable are {@code r}, {@code r.1}, {@code r.2}; what has no name is
 * {@code t1}, {@code t2}; constants are written where they are used.
 */
public final class Phrases {
  private static final int LONGEST_TEXT = 40;

  private final Map<Value, String> names = new LinkedHashMap<>();
  private final Map<Value, Op.Constant> constants = new HashMap<>();

  private Phrases(Body body) {
    this(body, new HashSet<>(), new HashMap<>(), Map.of());
  }

  private Phrases(
      Body body, Set<String> taken, Map<String, Integer> versions, Map<Value, String> given) {
    names.putAll(given);
    for (Block block : body.blocks()) {
      block.parameters().forEach(value -> name(value, taken, versions));
      for (Op op : block.ops()) {
        if (op instanceof Op.Constant constant) {
          constants.put(constant.result(), constant);
        } else if (op.result() != null) {
          name(op.result(), taken, versions);
        }
      }
    }
    int number = 0;
    for (Block block : body.blocks()) {
      for (Value parameter : block.parameters()) {
        number = number(parameter, taken, number);
      }
      for (Op op : block.ops()) {
        if (op.result() != null && !(op instanceof Op.Constant)) {
          number = number(op.result(), taken, number);
        }
      }
    }
  }

  /** The phrases of a body's values and operations. */
  public static Phrases of(Body body) {
    return new Phrases(body);
  }

  /** Gives the values of bodies, which nobody else uses, names that no other has. */
  public static void makeNamesDistinct(List<Body> bodies) {
    Map<Value, String> given = new LinkedHashMap<>();
    Map<String, Integer> versions = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (Body body : bodies) {
      Phrases phrases = new Phrases(body, taken, versions, given);
      given.putAll(phrases.names);
    }
    given.forEach(Value::rename);
  }

  private void name(Value value, Set<String> taken, Map<String, Integer> versions) {
    String base = value.name();
    if (base == null || names.containsKey(value)) {
      return;
    }
    String name = base;
    while (!taken.add(name)) {
      name = base + "." + versions.merge(base, 1, Integer::sum);
    }
    names.put(value, name);
  }

  private int number(Value value, Set<String> taken, int last) {
    if (names.containsKey(value)) {
      return last;
    }
    int number = last + 1;
    while (!taken.add("t" + number)) {
      number++;
    }
    names.put(value, "t" + number);
    return number;
  }

  /** A value: its name, or what it is if it is a constant. */
  public String value(Value value) {
    Op.Constant constant = constants.get(value);
    return constant == null ? names.getOrDefault(value, "?") : constant(constant);
  }

  /** Whether a value is a constant, which is written where it is used. */
  public boolean isConstant(Value value) {
    return constants.containsKey(value);
  }

  private static String constant(Op.Constant constant) {
    Object value = constant.value();
    if (value instanceof Integer number && constant.result().type().equals(CD_boolean)) {
      return number == 0 ? "false" : "true";
    }
    if (value instanceof String text && text.length() > LONGEST_TEXT) {
      return Names.quoted(text.substring(0, LONGEST_TEXT) + "…", '"');
    }
    if (value instanceof ClassDesc type) {
      return type(type) + ".class";
    }
    String text = Constants.text(value);
    return text.startsWith("object ") ? "(" + text + ")" : text;
  }

  /** A type without its package. */
  public static String type(ClassDesc type) {
    ClassDesc component = type.componentType();
    return component != null ? type(component) + "[]" : type.displayName().replace('$', '.');
  }

  /** Values with commas between. */
  public String values(List<Value> values) {
    return values.stream().map(this::value).collect(Collectors.joining(", "));
  }

  /** An operation: {@code r.1 = r * x}. */
  public String op(Op op) {
    Value result = op.result();
    return result == null ? expression(op) : value(result) + " = " + expression(op);
  }

  /** What an operation computes: {@code r * x}. */
  public String expression(Op op) {
    return switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate -> "-" + value(negate.operand());
      case Op.Binary binary -> infix(binary.left(), symbol(binary.operator()), binary.right());
      case Op.Compare compare ->
          infix(compare.left(), symbol(compare.comparison()), compare.right());
      case Op.ThreeWay compare ->
          "compare(" + value(compare.left()) + ", " + value(compare.right()) + ")";
      case Op.Convert convert -> cast(convert.result(), convert.operand());
      case Op.Cast cast -> cast(cast.result(), cast.operand());
      case Op.InstanceOf test -> value(test.operand()) + " instanceof " + type(test.target());
      case Op.NewArray array -> newArray(array);
      case Op.ArrayLength length -> value(length.array()) + ".length";
      case Op.LoadElement load -> element(load.array(), load.index());
      case Op.StoreElement store ->
          element(store.array(), store.index()) + " = " + value(store.value());
      case Op.LoadField load -> field(load.field(), load.receiver());
      case Op.StoreField store ->
          field(store.field(), store.receiver()) + " = " + value(store.value());
      case Op.Call call -> call(call);
      case Op.New created ->
          (created.constructor().isAllocation() ? "allocate " : "new ")
              + type(created.constructor().owner())
              + "("
              + values(created.arguments())
              + ")";
      case Op.Lambda lambda ->
          "lambda "
              + type(lambda.lambda().implementation().owner())
              + "::"
              + lambda.lambda().implementation().methodName()
              + (lambda.captured().isEmpty() ? "" : " over " + values(lambda.captured()));
      case Op.InvokeDynamic dynamic ->
          dynamic.site().invocationName() + "(" + values(dynamic.arguments()) + ")";
      case Op.Apply apply -> apply.function().name() + "(" + values(apply.arguments()) + ")";
      case Op.Monitor monitor ->
          (monitor.enter() ? "lock(" : "unlock(") + value(monitor.object()) + ")";
    };
  }

  private String infix(Value left, String symbol, Value right) {
    return value(left) + " " + symbol + " " + value(right);
  }

  private String cast(Value result, Value operand) {
    return "(" + type(result.type()) + ") " + value(operand);
  }

  private String element(Value array, Value index) {
    return value(array) + "[" + value(index) + "]";
  }

  private String newArray(Op.NewArray array) {
    ClassDesc element = array.result().type();
    int dimensions = 0;
    for (ClassDesc at = element.componentType(); at != null; at = at.componentType()) {
      element = at;
      dimensions++;
    }
    StringBuilder text = new StringBuilder("new ").append(type(element));
    for (int i = 0; i < dimensions; i++) {
      boolean isKnown = i < array.lengths().size();
      text.append('[').append(isKnown ? value(array.lengths().get(i)) : "").append(']');
    }
    return text.toString();
  }

  private String field(FieldRef field, @Nullable Value receiver) {
    return (receiver == null ? type(field.owner()) : value(receiver)) + "." + field.name();
  }

  private String call(Op.Call call) {
    MethodRef method = call.method();
    List<Value> arguments = call.arguments();
    if (method.dispatch() == MethodRef.Dispatch.STATIC) {
      return type(method.owner()) + "." + method.name() + "(" + values(arguments) + ")";
    }
    return value(arguments.get(0))
        + "."
        + method.name()
        + "("
        + values(arguments.subList(1, arguments.size()))
        + ")";
  }

  private static String symbol(Arithmetic operator) {
    return switch (operator) {
      case ADD -> "+";
      case SUB -> "-";
      case MUL -> "*";
      case DIV -> "/";
      case REM -> "%";
      case AND -> "&";
      case OR -> "|";
      case XOR -> "^";
      case SHL -> "<<";
      case SHR -> ">>";
      case USHR -> ">>>";
    };
  }

  private static String symbol(Comparison comparison) {
    return switch (comparison) {
      case EQ -> "==";
      case NE -> "!=";
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
    };
  }
}

package dev.fluxion.ir.corpus;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random classes with random methods. Every loop and call takes fuel, a static field, so that all
 * ends.
 */
final class ProgramGenerator {
  private static final Type[] PARAMETERS = {
    Type.INT,
    Type.INT,
    Type.LONG,
    Type.FLOAT,
    Type.DOUBLE,
    Type.DOUBLE,
    Type.BOOLEAN,
    Type.BYTE,
    Type.CHAR,
    Type.SHORT,
    Type.INTS,
    Type.DOUBLES,
    Type.DOUBLES,
    Type.FLOATS,
    Type.LONGS,
    Type.BYTES,
    Type.BOOLEANS,
    Type.MATRIX,
    Type.NODE,
    Type.NODE,
    Type.SHAPE,
    Type.STRING
  };
  private static final Type[] LOCALS = {
    Type.INTS, Type.DOUBLES, Type.MATRIX, Type.NODE, Type.SHAPE, Type.STRING, Type.DUO, Type.CELL
  };
  private static final int DEPTH = 3;

  private final Scope scope;
  private final Expressions expressions;
  private int statementsLeft = 12;

  private ProgramGenerator(Scope scope) {
    this.scope = scope;
    this.expressions = new Expressions(scope);
  }

  /** The source of a class with methods {@code m0}, {@code m1} and so on. */
  static Fragment generate(String packageName, String className, long seed, int count) {
    Random random = new Random(seed);
    List<Scope.Method> methods = new ArrayList<>();
    List<Fragment> members = new ArrayList<>();
    members.add(Fragment.of("static int fuel, count; static double total;"));
    members.add(Fragment.of("double own = 0.5;"));
    members.add(
        Fragment.of(
            "record Duo(int i, double d)",
            List.of(Fragment.of("double area(double scale) { return i * scale - d(); }"))));
    members.add(
        Fragment.of(
            "private static final class Secret",
            List.of(
                Fragment.of("private final int hidden;"),
                Fragment.of("private Secret(int value) { hidden = value ^ 5; count += 2; }"))));
    for (int m = 0; m < count; m++) {
      List<Type> parameters = new ArrayList<>();
      for (int p = 1 + random.nextInt(5); p > 0; p--) {
        parameters.add(PARAMETERS[random.nextInt(PARAMETERS.length)]);
      }
      Scope.Method method =
          new Scope.Method(
              "m" + m,
              random.nextInt(3) > 0,
              Type.PRIMITIVES[random.nextInt(Type.PRIMITIVES.length)],
              parameters);
      methods.add(method); // it can call itself
      members.add(
          new ProgramGenerator(new Scope(random, List.copyOf(methods), method.isStatic()))
              .method(method));
    }
    String head =
        "package "
            + packageName
            + "; import dev.fluxion.ir.corpus.Model; import dev.fluxion.ir.corpus.Model.*; import"
            + " java.util.function.*; public class "
            + className;
    return Fragment.of(head, members);
  }

  private Fragment method(Scope.Method method) {
    List<String> parameters = new ArrayList<>();
    for (Type type : method.parameters()) {
      String name = scope.name("v");
      parameters.add(type.source + " " + name);
      scope.declare(name, type, Scope.Use.ASSIGN);
    }
    scope.result = method.result();
    String head =
        (scope.chance(30) ? "private " : "public ")
            + (method.isStatic() ? "static " : "")
            + method.result().source
            + " "
            + method.name()
            + "("
            + String.join(", ", parameters)
            + ") { if (fuel-- <= 0) { return "
            + zero(method.result())
            + "; }";
    List<Fragment> body = new ArrayList<>();
    for (int i = 2 + scope.below(2); i > 0; i--) {
      body.add(declaration(Type.PRIMITIVES[scope.below(Type.PRIMITIVES.length)]));
    }
    if (scope.chance(60)) {
      body.add(declaration(scope.chance(60) ? Type.DUO : Type.CELL));
    }
    body.addAll(statements(4 + scope.below(6), DEPTH));
    String result = "return " + expressions.of(method.result(), DEPTH) + "; }";
    return new Fragment(head, body, result);
  }

  private static String zero(Type type) {
    return type == Type.BOOLEAN ? "false" : "0";
  }

  /** Statements whose declarations end with them. */
  private List<Fragment> block(int depth) {
    int known = scope.variables.size();
    List<Fragment> statements = statements(1 + scope.below(3), depth);
    scope.variables.subList(known, scope.variables.size()).clear();
    return statements;
  }

  private List<Fragment> statements(int count, int depth) {
    List<Fragment> statements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      statements.add(statement(depth));
    }
    return statements;
  }

  private Fragment statement(int depth) {
    if (depth <= 0 || statementsLeft-- <= 0) {
      return scope.chance(75) ? assignment() : leave();
    }
    return switch (scope.below(24)) {
      case 0, 1 -> declaration(scope.pick(Type.PRIMITIVES));
      case 2 -> declaration(scope.pick(LOCALS));
      case 3, 4, 5, 6 -> assignment();
      case 7, 8 -> branch(depth - 1);
      case 9, 10 -> counted(depth - 1);
      case 11 -> conditional(depth - 1);
      case 12 -> each(depth - 1);
      case 13, 14 -> oldSwitch(depth - 1);
      case 15 -> arrowSwitch(depth - 1);
      case 16, 17 -> lambda();
      case 18 -> guarded(depth - 1);
      case 19, 20 -> leave();
      case 21 -> words(depth - 1);
      case 22 -> Fragment.of("synchronized (" + lock() + ")", block(depth - 1));
      default -> Fragment.of("total += " + expressions.call(scope.pick(Type.NUMBERS), 2) + ";");
    };
  }

  private String lock() {
    String cell = scope.chance(50) ? scope.variable(Type.CELL, false) : null;
    return cell != null ? cell : scope.isStatic ? "Model.class" : "this";
  }

  private Fragment declaration(Type type) {
    boolean isFinal = scope.chance(20);
    String value = expressions.of(type, DEPTH - 1);
    String name = scope.name("v");
    scope.declare(name, type, isFinal ? Scope.Use.CAPTURE : Scope.Use.ASSIGN);
    return Fragment.of((isFinal ? "final " : "") + type.source + " " + name + " = " + value + ";");
  }

  private Fragment assignment() {
    Type type = scope.chance(80) ? scope.pick(Type.PRIMITIVES) : scope.pick(LOCALS);
    boolean primitive = type.ordinal() < Type.INTS.ordinal();
    String target = primitive ? expressions.target(type, 1) : scope.variable(type, true);
    if (target == null) {
      return Fragment.of("total = " + expressions.of(Type.DOUBLE, DEPTH) + ";");
    }
    String operator = " = ";
    if (primitive && type != Type.BOOLEAN && scope.chance(35)) {
      String[] operators = {" += ", " -= ", " *= "};
      operator = operators[scope.below(operators.length)];
    }
    return Fragment.of(target + operator + expressions.of(type, DEPTH) + ";");
  }

  private Fragment branch(int depth) {
    String condition = expressions.condition(DEPTH);
    List<Fragment> yes = block(depth);
    if (scope.chance(50)) {
      return Fragment.of("if (" + condition + ")", yes);
    }
    return new Fragment(
        "",
        List.of(Fragment.of("if (" + condition + ")", yes), Fragment.of("else", block(depth))),
        "");
  }

  private Fragment loop(String head, String tail, int depth) {
    String label = scope.chance(40) ? scope.name("loop") : "";
    scope.loops.add(label);
    List<Fragment> body = block(depth);
    scope.loops.removeLast();
    String start = label.isEmpty() ? head : label + ": " + head;
    return new Fragment(start + " {", body, "}" + tail);
  }

  private Fragment counted(int depth) {
    String name = scope.name("i");
    String bound =
        scope.chance(70) ? "" + (1 + scope.below(6)) : "(" + expressions.of(Type.INT, 1) + " & 7)";
    scope.declare(name, Type.INT, Scope.Use.NEITHER);
    Fragment loop =
        loop(
            "for (int "
                + name
                + " = 0; "
                + name
                + " < "
                + bound
                + " && fuel-- > 0; "
                + name
                + "++)",
            "",
            depth);
    scope.variables.removeIf(variable -> variable.name().equals(name));
    return loop;
  }

  private Fragment conditional(int depth) {
    String condition = "fuel-- > 0 && " + expressions.condition(2);
    return scope.chance(50)
        ? loop("while (" + condition + ")", "", depth)
        : loop("do", " while (" + condition + ");", depth);
  }

  private Fragment each(int depth) {
    Type type = scope.pick(Type.ARRAYS);
    String array = expressions.of(type, 1);
    String name = scope.name("e");
    scope.declare(name, type.element(), Scope.Use.ASSIGN);
    Fragment loop =
        loop("for (" + type.element().source + " " + name + " : " + array + ")", "", depth);
    scope.variables.removeIf(variable -> variable.name().equals(name));
    return loop;
  }

  private Fragment oldSwitch(int depth) {
    boolean dense = scope.chance(60);
    String key = expressions.of(Type.INT, 2);
    List<Fragment> groups = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String label = i == 3 ? "default:" : "case " + (dense ? i + 1 : i * 1000 - 7) + ":";
      String end = scope.chance(60) ? "} break;" : "}";
      groups.add(new Fragment(label + " {", block(depth), end));
    }
    return Fragment.of("switch (" + (dense ? key + " & 3" : key + " % 3 * 1000 - 7") + ")", groups);
  }

  private Fragment arrowSwitch(int depth) {
    List<Fragment> groups = new ArrayList<>();
    groups.add(Fragment.of("case 0, 2 ->", block(depth)));
    groups.add(Fragment.of("case 1 ->", block(depth)));
    groups.add(Fragment.of("default ->", block(depth)));
    return Fragment.of("switch (" + expressions.of(Type.INT, 2) + " & 3)", groups);
  }

  private Fragment words(int depth) {
    List<Fragment> groups = new ArrayList<>();
    groups.add(Fragment.of("case \"a\", \"b\" ->", block(depth)));
    groups.add(Fragment.of("case \"a0\" ->", block(depth)));
    groups.add(Fragment.of("default ->", block(depth)));
    return Fragment.of("switch (" + expressions.of(Type.STRING, 2) + ")", groups);
  }

  private Fragment lambda() {
    String name = scope.name("f");
    String at = "(" + expressions.of(Type.DOUBLE, 1) + ")";
    if (scope.chance(30)) {
      String[] references = {
        "DoubleUnaryOperator " + name + " = Math::sqrt; total -= " + name + ".applyAsDouble" + at,
        "IntFunction<int[]> " + name + " = int[]::new; count += " + name + ".apply(3).length",
        "DoubleUnaryOperator "
            + name
            + " = new Leaf(3, 1.0)::shift; total -= "
            + name
            + ".applyAsDouble"
            + at,
        "BiFunction<Integer, Double, Node> "
            + name
            + " = Node::new; total += "
            + name
            + ".apply(2, "
            + at
            + ").d",
        "ToDoubleFunction<Node> "
            + name
            + " = n -> n.d; total += "
            + name
            + ".applyAsDouble(new Node(1, "
            + at
            + "))"
      };
      return Fragment.of(references[scope.below(references.length)] + ";");
    }
    boolean before = scope.inLambda;
    scope.inLambda = true;
    String parameter = scope.name("x");
    scope.declare(parameter, Type.DOUBLE, Scope.Use.CAPTURE);
    String body = expressions.of(Type.DOUBLE, DEPTH);
    scope.variables.removeLast();
    scope.inLambda = before;
    return Fragment.of(
        "DoubleUnaryOperator "
            + name
            + " = "
            + parameter
            + " -> "
            + body
            + "; total += "
            + name
            + ".applyAsDouble"
            + at
            + ";");
  }

  private Fragment guarded(int depth) {
    List<Fragment> parts = new ArrayList<>();
    parts.add(Fragment.of("try", block(depth)));
    String[] types = {"ArithmeticException", "RuntimeException", "NullPointerException"};
    parts.add(
        Fragment.of(
            "catch (" + types[scope.below(types.length)] + " " + scope.name("x") + ")",
            block(depth)));
    if (scope.chance(40)) {
      parts.add(Fragment.of("finally", block(0)));
    }
    return new Fragment("", parts, "");
  }

  /** A break, continue, return or throw, on a condition. */
  private Fragment leave() {
    String condition = expressions.condition(2);
    List<String> ways = new ArrayList<>();
    if (!scope.loops.isEmpty()) {
      String label = scope.loops.get(scope.below(scope.loops.size()));
      String to = label.isEmpty() ? "" : " " + label;
      ways.add("continue" + to);
      ways.add("break" + to);
      ways.add("break");
      ways.add("continue");
    }
    ways.add("return " + expressions.of(scope.result, 2));
    if (scope.chance(30)) {
      ways.add("throw new IllegalStateException(\"left\")");
    }
    return Fragment.of("if (" + condition + ") { " + ways.get(scope.below(ways.size())) + "; }");
  }
}

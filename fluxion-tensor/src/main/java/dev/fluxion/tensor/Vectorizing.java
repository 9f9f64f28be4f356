package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes functions of numbers as functions of vectors of numbers, without branches: all sides of a
 * branch are computed, and where they meet, masks choose. What was computed once is not computed
 * again, neither on another side nor for another function.
 *
 * <p>In float32 the double-precision numbers of the source are floats.
 */
final class Vectorizing {
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();

  /** C2 gives up on methods in which it has inlined too much, and then vectors are objects. */
  private static final int MOST_OPERATIONS = 300;

  private static final Map<String, String> UNARY =
      Map.ofEntries(
          Map.entry("abs", "ABS"),
          Map.entry("acos", "ACOS"),
          Map.entry("asin", "ASIN"),
          Map.entry("atan", "ATAN"),
          Map.entry("cbrt", "CBRT"),
          Map.entry("cos", "COS"),
          Map.entry("cosh", "COSH"),
          Map.entry("exp", "EXP"),
          Map.entry("expm1", "EXPM1"),
          Map.entry("log", "LOG"),
          Map.entry("log10", "LOG10"),
          Map.entry("log1p", "LOG1P"),
          Map.entry("sin", "SIN"),
          Map.entry("sinh", "SINH"),
          Map.entry("sqrt", "SQRT"),
          Map.entry("tan", "TAN"),
          Map.entry("tanh", "TANH"));

  private static final Map<String, String> BINARY =
      Map.of("max", "MAX", "min", "MIN", "pow", "POW", "atan2", "ATAN2", "hypot", "HYPOT");

  private static final Set<String> ASSOCIATIVE = Set.of("MAX", "MIN");

  /** That there is no such form: a loop, say, or a method that vectors do not have. */
  static final class NoVectorForm extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoVectorForm(String what) {
      super(what, null, false, false);
    }
  }

  /**
   * An edge as it was taken.
   *
   * @param mask the lanes that go along it, or null for all
   */
  private record Edge(@Nullable Value mask, List<Value> arguments) {}

  private final VectorLanes lanes;
  private final BlockBuilder before;
  private final BlockBuilder work;
  private final Map<List<Object>, Value> computed = new HashMap<>();
  private final Map<List<Value>, List<@Nullable Value>> wholes = new HashMap<>();
  private final Map<Value, Value> vectors = new HashMap<>();
  private final Map<Value, Integer> bits = new HashMap<>();
  private final Map<Block, List<Edge>> edges = new HashMap<>();

  Vectorizing(VectorLanes lanes, BlockBuilder before, BlockBuilder work) {
    this.lanes = lanes;
    this.before = before;
    this.work = work;
  }

  /** What a function gives for vectors, or masks where it is one of truth values. */
  Value run(Body body, List<Value> arguments) {
    vectors.clear();
    bits.clear();
    edges.clear();
    for (int i = 0; i < arguments.size(); i++) {
      vectors.put(body.parameters().get(i), arguments.get(i));
    }
    List<Edge> returns = new ArrayList<>();
    Set<Block> done = new HashSet<>();
    for (Block block : body.blocks()) {
      done.add(block);
      List<Edge> into = edges.getOrDefault(block, List.of());
      for (int i = 0; block != body.entry() && i < block.parameters().size(); i++) {
        join(block.parameters().get(i), i, into);
      }
      Value mask = block == body.entry() ? null : whole(into);
      block.ops().forEach(this::operation);
      end(block, mask, returns);
      for (Successor successor : block.successors()) {
        if (done.contains(successor.block())) {
          throw new NoVectorForm("a loop");
        }
      }
    }
    Value result = vector(returns.get(0).arguments.get(0));
    for (Edge edge : returns.subList(1, returns.size())) {
      result = blend(result, vector(edge.arguments.get(0)), edge.mask);
    }
    return result;
  }

  // ---------------------------------------------------------------- control flow

  private void end(Block block, @Nullable Value mask, List<Edge> returns) {
    switch (block.terminator()) {
      case Terminator.Return end when end.value() != null ->
          returns.add(new Edge(mask, List.of(end.value())));
      case Terminator.Branch branch -> add(branch.target(), mask);
      case Terminator.ConditionalBranch branch -> {
        Value condition = mask(branch.condition());
        Value holds = mask == null ? condition : masks("and", mask, condition);
        Value fails = mask == null ? not(condition) : masks("andNot", mask, condition);
        List<@Nullable Value> whole = new ArrayList<>();
        whole.add(mask);
        wholes.put(List.of(holds, fails), whole);
        wholes.put(List.of(fails, holds), whole);
        add(branch.ifTrue(), holds);
        add(branch.ifFalse(), fails);
      }
      default -> throw new NoVectorForm("a switch");
    }
  }

  private void add(Successor successor, @Nullable Value mask) {
    edges
        .computeIfAbsent(successor.block(), _ -> new ArrayList<>())
        .add(new Edge(mask, successor.arguments()));
  }

  /** The lanes that come along any of the edges. */
  private @Nullable Value whole(List<Edge> into) {
    Value whole = into.get(0).mask;
    for (Edge edge : into.subList(1, into.size())) {
      if (whole == null || edge.mask == null) {
        return null;
      }
      List<@Nullable Value> known = wholes.get(List.of(whole, edge.mask));
      whole = known == null ? masks("or", whole, edge.mask) : known.get(0);
    }
    return whole;
  }

  private void join(Value parameter, int index, List<Edge> into) {
    if (!parameter.kind().isFloating()) {
      joinTruth(parameter, index, into);
      return;
    }
    Value joined = vector(into.get(0).arguments.get(index));
    for (Edge edge : into.subList(1, into.size())) {
      joined = blend(joined, vector(edge.arguments.get(index)), edge.mask);
    }
    vectors.put(parameter, joined);
  }

  private void joinTruth(Value parameter, int index, List<Edge> into) {
    Value joined = null;
    for (Edge edge : into) {
      Value argument = edge.arguments.get(index);
      Integer known = bits.get(argument);
      if (known != null && known == 0) {
        continue;
      }
      Value set = mask(argument);
      Value there = edge.mask == null ? set : masks("and", edge.mask, set);
      joined = joined == null ? there : masks("or", joined, there);
    }
    vectors.put(parameter, joined == null ? lanes.mask(before, false) : joined);
  }

  private Value blend(Value otherwise, Value where, @Nullable Value mask) {
    if (mask == null || otherwise == where) {
      return where;
    }
    return call(
        "blend",
        lanes.type(),
        List.of(VectorLanes.VECTOR, VectorLanes.MASK),
        otherwise,
        where,
        mask);
  }

  // ---------------------------------------------------------------- operations

  private void operation(Op op) {
    switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate when negate.operand().kind().isFloating() ->
          vectors.put(
              negate.result(), call("neg", lanes.type(), List.of(), vector(negate.operand())));
      case Op.Binary binary when binary.left().kind().isFloating() -> binary(binary);
      case Op.Compare compare -> compare(compare);
      case Op.Convert convert -> convert(convert);
      case Op.Call call -> vectors.put(op.result(), called(call));
      default -> throw new NoVectorForm(op.toString());
    }
  }

  private void constant(Op.Constant constant) {
    switch (constant.value()) {
      case Double number -> vectors.put(constant.result(), constant(number));
      case Float number -> vectors.put(constant.result(), constant(number));
      case Integer bit when bit == 0 || bit == 1 -> bits.put(constant.result(), bit);
      case null, default -> throw new NoVectorForm("a constant");
    }
  }

  /** A constant, unless it is out of the range of the type. */
  private Value constant(double number) {
    double size = Math.abs(number);
    boolean isInRange =
        number == 0
            || !Double.isFinite(number)
            || (size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE);
    if (lanes.isFloat32() && !isInRange) {
      throw new NoVectorForm("a number that is no float");
    }
    return computed.computeIfAbsent(
        List.of("constant", Double.doubleToRawLongBits(number)),
        _ -> lanes.constant(before, number));
  }

  private void binary(Op.Binary binary) {
    String name =
        switch (binary.operator()) {
          case ADD -> "add";
          case SUB -> "sub";
          case MUL -> "mul";
          case DIV -> "div";
          default -> throw new NoVectorForm("a remainder");
        };
    vectors.put(binary.result(), arithmetic(name, vector(binary.left()), vector(binary.right())));
  }

  private Value arithmetic(String name, Value left, Value right) {
    return call(name, lanes.type(), List.of(VectorLanes.VECTOR), left, right);
  }

  private void compare(Op.Compare compare) {
    Comparison comparison = compare.comparison();
    if (compare.left().kind().isFloating()) {
      vectors.put(
          compare.result(),
          comparison(comparison.name(), vector(compare.left()), vector(compare.right())));
      return;
    }
    if (compare.left().kind() != Kind.INT
        || (comparison != Comparison.EQ && comparison != Comparison.NE)) {
      throw new NoVectorForm("a comparison of integers");
    }
    Value left = mask(compare.left());
    Integer right = bits.get(compare.right());
    Value isSame =
        right == null ? masks("eq", left, mask(compare.right())) : right == 1 ? left : not(left);
    vectors.put(compare.result(), comparison == Comparison.EQ ? isSame : not(isSame));
  }

  private Value comparison(String name, Value left, Value right) {
    Value operator = operator(name, "Comparison");
    return call(
        "compare",
        VectorLanes.MASK,
        List.of(operator.type(), VectorLanes.VECTOR),
        left,
        operator,
        right);
  }

  private void convert(Op.Convert convert) {
    boolean isKept =
        convert.operand().kind().isFloating()
            && convert.result().kind().isFloating()
            && (lanes.isFloat32() || convert.operand().kind() == convert.result().kind());
    if (!isKept) {
      throw new NoVectorForm("a conversion");
    }
    vectors.put(convert.result(), vector(convert.operand()));
  }

  private Value called(Op.Call call) {
    MethodRef method = call.method();
    List<ClassDesc> parameters = method.type().parameterList();
    boolean isOfNumbers =
        method.dispatch() == MethodRef.Dispatch.STATIC
            && Kind.of(method.type().returnType()).isFloating()
            && parameters.stream().allMatch(type -> Kind.of(type).isFloating());
    if (!isOfNumbers) {
      throw new NoVectorForm(method.name());
    }
    List<Value> given = call.arguments().stream().map(this::vector).toList();
    if (method.owner().equals(ADJOINTS)) {
      return ofAdjoints(method.name(), given);
    }
    String owner = method.owner().displayName();
    if (!owner.equals("Math") && !owner.equals("StrictMath")) {
      throw new NoVectorForm(owner + "." + method.name());
    }
    String one = UNARY.get(method.name());
    if (one != null && given.size() == 1) {
      Value operator = operator(one, "Unary");
      return call("lanewise", lanes.type(), List.of(operator.type()), given.get(0), operator);
    }
    if (method.name().equals("signum")) {
      return signum(given.get(0));
    }
    String two = BINARY.get(method.name());
    if (two != null && given.size() == 2) {
      return ofTwo(two, given.get(0), given.get(1));
    }
    throw new NoVectorForm(owner + "." + method.name());
  }

  /** The argument where it is zero or NaN, so that a zero keeps its sign. */
  private Value signum(Value x) {
    Value zero = constant(0);
    Value positive = blend(x, constant(1), comparison("GT", x, zero));
    return blend(positive, constant(-1), comparison("LT", x, zero));
  }

  private Value ofTwo(String name, Value left, Value right) {
    if (name.equals("POW") && right == constant(2)) {
      return arithmetic("mul", left, left);
    }
    Value operator = operator(name, ASSOCIATIVE.contains(name) ? "Associative" : "Binary");
    return call(
        "lanewise",
        lanes.type(),
        List.of(operatorType("Binary"), VectorLanes.VECTOR),
        left,
        operator,
        right);
  }

  /** A product or quotient in which zero wins over what is not finite. */
  private Value ofAdjoints(String name, List<Value> given) {
    Value left = given.get(0);
    Value right = given.get(1);
    Value zero = constant(0);
    return switch (name) {
      case "product" -> {
        Value isZero = masks("or", comparison("EQ", left, zero), comparison("EQ", right, zero));
        yield blend(arithmetic("mul", left, right), zero, isZero);
      }
      case "quotient" -> {
        Value quotient = arithmetic("div", left, right);
        Value isNone = comparison("NE", quotient, quotient);
        yield blend(quotient, zero, masks("and", isNone, comparison("EQ", left, zero)));
      }
      default -> throw new NoVectorForm(name);
    };
  }

  // ---------------------------------------------------------------- calls of vectors

  private Value vector(Value scalar) {
    Value vector = vectors.get(scalar);
    if (vector == null) {
      throw new NoVectorForm("an integer");
    }
    return vector;
  }

  private Value mask(Value truth) {
    Integer known = bits.get(truth);
    return known == null
        ? vector(truth)
        : computed.computeIfAbsent(List.of("mask", known), _ -> lanes.mask(before, known == 1));
  }

  private Value not(Value mask) {
    return computed.computeIfAbsent(
        List.of("not", mask),
        _ ->
            work.call(
                MethodRef.ofVirtual(VectorLanes.MASK, "not", MethodTypeDesc.of(VectorLanes.MASK)),
                mask));
  }

  private Value masks(String name, Value left, Value right) {
    MethodTypeDesc type = MethodTypeDesc.of(VectorLanes.MASK, VectorLanes.MASK);
    return computed.computeIfAbsent(
        List.of(name, left, right),
        _ -> work.call(MethodRef.ofVirtual(VectorLanes.MASK, name, type), left, right));
  }

  private static ClassDesc operatorType(String name) {
    return VectorLanes.OPERATORS.nested(name);
  }

  private Value operator(String name, String type) {
    return computed.computeIfAbsent(
        List.of("operator", name),
        _ ->
            before.loadField(
                new FieldRef(VectorLanes.OPERATORS, name, operatorType(type), true), null));
  }

  private Value call(String name, ClassDesc result, List<ClassDesc> types, Value... operands) {
    List<Object> key = new ArrayList<>(List.of(name));
    key.addAll(List.of(operands));
    Value known = computed.get(key);
    if (known == null) {
      if (computed.size() > MOST_OPERATIONS) {
        throw new NoVectorForm("so much");
      }
      known =
          work.call(
              MethodRef.ofVirtual(lanes.type(), name, MethodTypeDesc.of(result, types)), operands);
      computed.put(key, known);
    }
    return known;
  }
}

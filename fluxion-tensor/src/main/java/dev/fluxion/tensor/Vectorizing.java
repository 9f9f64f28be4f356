package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes functions of numbers as functions of vectors of numbers, without branches: all sides of a
 * branch are computed, and where they meet, masks choose. What was computed once is not computed
 * again, neither on another side nor for another function.
 *
 * <p>In float32 the double-precision numbers of the source are floats.
 *
 * <p>The same is written for vectors and for one element, so the number of elements does not matter
 * to a result. All operations are those that IEEE 754 defines to the last bit, and the elementary
 * functions are made of these in {@link FloatMath} and {@link DoubleMath}: the Vector API has some
 * too, but they give other bits when compiled than before.
 */
final class Vectorizing {
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();

  /** C2 gives up on methods in which it has inlined too much, and then vectors are objects. */
  private static final int MOST_OPERATIONS = 300;

  /** How many operations an elementary function consists of at most, about. */
  private static final int ELEMENTARY = 50;

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

  private final LaneCode code;
  private final boolean isWithin;
  private final Map<List<Object>, Value> computed;
  private final Map<List<Value>, List<@Nullable Value>> wholes;
  private final Map<Value, Value> vectors = new HashMap<>();
  private final Map<Value, Number> integers = new HashMap<>();
  private final Map<Block, List<Edge>> edges = new HashMap<>();
  private int operations;

  Vectorizing(LaneCode code) {
    this.code = code;
    this.isWithin = false;
    this.computed = new HashMap<>();
    this.wholes = new HashMap<>();
  }

  /** For an elementary function within another function. */
  private Vectorizing(Vectorizing around) {
    this.code = around.code;
    this.isWithin = true;
    this.computed = around.computed;
    this.wholes = around.wholes;
  }

  /** What a function gives for vectors, or masks where it is one of truth values. */
  Value run(Body body, List<Value> arguments) {
    vectors.clear();
    integers.clear();
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
      Integer known = bit(argument);
      if (known != null && known == 0) {
        continue;
      }
      Value set = mask(argument);
      Value there = edge.mask == null ? set : masks("and", edge.mask, set);
      joined = joined == null ? there : masks("or", joined, there);
    }
    vectors.put(parameter, joined == null ? bits(0) : joined);
  }

  private Value blend(Value otherwise, Value where, @Nullable Value mask) {
    return mask == null || otherwise == where
        ? where
        : once(List.of("blend", otherwise, where, mask), () -> code.blend(otherwise, where, mask));
  }

  // ---------------------------------------------------------------- operations

  private void operation(Op op) {
    switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate when negate.operand().kind().isFloating() -> {
        Value operand = vector(negate.operand());
        vectors.put(negate.result(), once(List.of("negate", operand), () -> code.negate(operand)));
      }
      case Op.Binary binary when binary.left().kind().isFloating() -> binary(binary);
      case Op.Binary binary when isWithin -> integers(binary);
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
      case Integer number -> integers.put(constant.result(), number);
      case Long number -> integers.put(constant.result(), number);
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
    if (code.isFloat32() && !isInRange) {
      throw new NoVectorForm("a number that is no float");
    }
    return computed.computeIfAbsent(
        List.of("constant", Double.doubleToRawLongBits(number)), _ -> code.constant(number));
  }

  private void binary(Op.Binary binary) {
    switch (binary.operator()) {
      case ADD, SUB, MUL, DIV -> {}
      default -> throw new NoVectorForm("a remainder");
    }
    vectors.put(
        binary.result(),
        arithmetic(binary.operator(), vector(binary.left()), vector(binary.right())));
  }

  /** Arithmetic of whole numbers, as the bits of others; distances of shifts are constants. */
  private void integers(Op.Binary binary) {
    Value left = integer(binary.left());
    if (binary.operator().isShift()) {
      Number distance = integers.get(binary.right());
      if (distance == null) {
        throw new NoVectorForm("a shift by a variable");
      }
      vectors.put(
          binary.result(),
          once(
              List.of(binary.operator(), left, distance),
              () -> code.shift(binary.operator(), left, distance.intValue())));
      return;
    }
    vectors.put(binary.result(), arithmetic(binary.operator(), left, integer(binary.right())));
  }

  private Value integer(Value value) {
    Number known = integers.get(value);
    return known == null ? vector(value) : whole(known);
  }

  private Value whole(Number number) {
    return computed.computeIfAbsent(List.of("integer", number), _ -> code.integer(number));
  }

  private void compare(Op.Compare compare) {
    Comparison comparison = compare.comparison();
    if (compare.left().kind().isFloating()) {
      vectors.put(
          compare.result(),
          comparison(comparison, vector(compare.left()), vector(compare.right())));
      return;
    }
    if (isWithin && integers.get(compare.left()) == null && !isTruth(compare.left())) {
      vectors.put(
          compare.result(),
          comparison(comparison, integer(compare.left()), integer(compare.right())));
      return;
    }
    if (compare.left().kind() != Kind.INT
        || (comparison != Comparison.EQ && comparison != Comparison.NE)) {
      throw new NoVectorForm("a comparison of integers");
    }
    Value left = mask(compare.left());
    Integer right = bit(compare.right());
    Value isSame =
        right == null ? masks("eq", left, mask(compare.right())) : right == 1 ? left : not(left);
    vectors.put(compare.result(), comparison == Comparison.EQ ? isSame : not(isSame));
  }

  private boolean isTruth(Value value) {
    return code.isMask(vector(value));
  }

  private Value comparison(Comparison comparison, Value left, Value right) {
    return once(List.of(comparison, left, right), () -> code.compare(comparison, left, right));
  }

  private void convert(Op.Convert convert) {
    boolean isKept =
        convert.operand().kind().isFloating()
            && convert.result().kind().isFloating()
            && (code.isFloat32() || convert.operand().kind() == convert.result().kind());
    if (!isKept) {
      throw new NoVectorForm("a conversion");
    }
    vectors.put(convert.result(), vector(convert.operand()));
  }

  // ---------------------------------------------------------------- calls

  private Value called(Op.Call call) {
    MethodRef method = call.method();
    if (method.dispatch() != MethodRef.Dispatch.STATIC) {
      throw new NoVectorForm(method.name());
    }
    if (isWithin && Elementary.isReinterpreting(method)) {
      Value of = integer(call.arguments().get(0));
      return once(List.of(method.name(), of), () -> code.reinterpret(of));
    }
    if (Elementary.isOwn(method)) {
      return expanded(method, call.arguments());
    }
    boolean isOfNumbers =
        Kind.of(method.type().returnType()).isFloating()
            && method.type().parameterList().stream().allMatch(type -> Kind.of(type).isFloating());
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
    return switch (method.name()) {
      case "abs", "sqrt", "max", "min", "fma" -> math(method.name(), given);
      case "exp", "expm1", "log", "log1p", "tanh", "sin", "cos" ->
          expanded(Elementary.method(method.name(), code.isFloat32(), 1), call.arguments());
      case "signum" -> signum(given.get(0));
      case "pow" -> power(given.get(0), given.get(1));
      default -> throw new NoVectorForm(owner + "." + method.name());
    };
  }

  private Value math(String name, List<Value> given) {
    List<Object> key = new ArrayList<>(List.of(name));
    key.addAll(given);
    return once(key, () -> code.math(name, given));
  }

  /** What a method of {@link FloatMath} or {@link DoubleMath} gives. */
  private Value expanded(MethodRef method, List<Value> arguments) {
    List<Value> given = arguments.stream().map(this::integer).toList();
    List<Object> key = new ArrayList<>(List.of(method));
    key.addAll(given);
    Value known = computed.get(key);
    if (known == null) {
      count(isWithin ? 0 : ELEMENTARY);
      known = code.whole(method, given);
      if (known == null) {
        MethodRef moderate = Elementary.moderate(method);
        if (moderate != null) {
          code.exclude(comparison(Comparison.GT, math("abs", given), greatestModerate()));
        }
        Body body = Elementary.body(moderate == null ? method : moderate);
        known = new Vectorizing(this).run(body, given);
      }
      computed.put(key, known);
    }
    return known;
  }

  private Value greatestModerate() {
    return constant(code.isFloat32() ? FloatMath.GREATEST_MODERATE : DoubleMath.GREATEST_MODERATE);
  }

  /** The argument where it is zero or NaN, so that a zero keeps its sign. */
  private Value signum(Value x) {
    Value zero = constant(0);
    Value positive = blend(x, constant(1), comparison(Comparison.GT, x, zero));
    return blend(positive, constant(-1), comparison(Comparison.LT, x, zero));
  }

  /** Powers that are products and quotients; vectors have no others that give the same bits. */
  private Value power(Value x, Value exponent) {
    if (exponent == constant(2)) {
      return arithmetic(Arithmetic.MUL, x, x);
    }
    if (exponent == constant(3)) {
      return arithmetic(Arithmetic.MUL, arithmetic(Arithmetic.MUL, x, x), x);
    }
    if (exponent == constant(-1)) {
      return arithmetic(Arithmetic.DIV, constant(1), x);
    }
    throw new NoVectorForm("a power");
  }

  private Value arithmetic(Arithmetic operator, Value left, Value right) {
    return once(List.of(operator, left, right), () -> code.arithmetic(operator, left, right));
  }

  /** A product or quotient in which zero wins over what is not finite. */
  private Value ofAdjoints(String name, List<Value> given) {
    Value left = given.get(0);
    Value right = given.get(1);
    Value zero = constant(0);
    return switch (name) {
      case "product" -> {
        Value isZero =
            masks(
                "or",
                comparison(Comparison.EQ, left, zero),
                comparison(Comparison.EQ, right, zero));
        yield blend(arithmetic(Arithmetic.MUL, left, right), zero, isZero);
      }
      case "quotient" -> {
        Value quotient = arithmetic(Arithmetic.DIV, left, right);
        Value isNone = comparison(Comparison.NE, quotient, quotient);
        yield blend(quotient, zero, masks("and", isNone, comparison(Comparison.EQ, left, zero)));
      }
      default -> throw new NoVectorForm(name);
    };
  }

  // ---------------------------------------------------------------- vectors and masks

  private Value vector(Value scalar) {
    Value vector = vectors.get(scalar);
    if (vector == null) {
      throw new NoVectorForm("an integer");
    }
    return vector;
  }

  private @Nullable Integer bit(Value truth) {
    return integers.get(truth) instanceof Integer bit && (bit == 0 || bit == 1) ? bit : null;
  }

  private Value bits(int bit) {
    return computed.computeIfAbsent(List.of("mask", bit), _ -> code.mask(bit == 1));
  }

  private Value mask(Value truth) {
    Integer known = bit(truth);
    if (known != null) {
      return bits(known);
    }
    Value vector = vector(truth);
    boolean isInteger = isWithin && !code.isMask(vector); // which holds unless it is zero
    return isInteger ? comparison(Comparison.NE, vector, whole(0)) : vector;
  }

  private Value not(Value mask) {
    return once(List.of("not", mask), () -> code.not(mask));
  }

  private Value masks(String name, Value left, Value right) {
    return once(List.of(name, left, right), () -> code.masks(name, left, right));
  }

  /** What was computed before, or is now. */
  private Value once(List<Object> key, Supplier<Value> operation) {
    Value known = computed.get(key);
    if (known == null) {
      count(isWithin ? 0 : 1);
      known = operation.get();
      computed.put(key, known);
    }
    return known;
  }

  /** The same for vectors and for one element, so that both have a form or neither. */
  private void count(int more) {
    operations += more;
    if (operations > MOST_OPERATIONS) {
      throw new NoVectorForm("so much");
    }
  }
}

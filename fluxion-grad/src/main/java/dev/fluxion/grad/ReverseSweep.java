package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Traversal;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the reverse half: adjoints flow from each result to what it was computed from. */
final class ReverseSweep {
  private static final ClassDesc ADJOINTS = Kept.ADJOINTS;
  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final FieldRef NUMBERS = new FieldRef(Types.SHADOW, "numbers", DOUBLES, false);
  private static final FieldRef OUT_NUMBERS =
      new FieldRef(Derivations.TAPE, "numbers", DOUBLES, false);
  private static final FieldRef OUT_REFERENCES =
      new FieldRef(Derivations.TAPE, "references", Types.OBJECTS, false);

  private final Adjoint adjoint;
  private final Plan plan;
  private final Types types;
  private final SsaBuilder ssa;
  private final Value tape;
  private final Map<Block, BlockBuilder> blocks = new LinkedHashMap<>();
  private final Map<Block, BlockBuilder> beforeThrowing = new HashMap<>();
  private final Map<Value, Variable> adjoints = new HashMap<>();
  private final Map<Loop, Variable> remaining = new HashMap<>();
  private final Map<Loop, Variable> done = new HashMap<>();
  private final Map<Loop, Variable> trips = new HashMap<>();
  private final Map<Value, Variable> restored = new HashMap<>();
  private final Map<Value, Value> known = new HashMap<>();
  private final Roots roots;
  private final Set<Value> sums = new HashSet<>();
  private final @Nullable EarlyReverse early;
  private BlockBuilder block;

  /**
   * The adjoint of one iteration of an independent loop, as part of the forward half.
   *
   * @param forward builds that half
   */
  ReverseSweep(Adjoint adjoint, SsaBuilder forward, Value tape, EarlyReverse early) {
    this.adjoint = adjoint;
    this.plan = adjoint.plan;
    this.types = adjoint.types;
    this.roots = new Roots(adjoint.body, adjoint.plan);
    this.ssa = forward;
    this.early = early;
    this.block = early.begin();
    this.tape = tape;
    adjoints.putAll(adjoint.early);
  }

  ReverseSweep(Adjoint adjoint) {
    this.early = null;
    this.adjoint = adjoint;
    this.plan = adjoint.plan;
    this.types = adjoint.types;
    this.roots = new Roots(adjoint.body, adjoint.plan);
    MethodTypeDesc type =
        Derivations.reverseType(
            adjoint.function.type(), adjoint.active, adjoint.resultActive, types);
    this.ssa = new SsaBuilder(new Body.Builder(adjoint.function.name() + "'", type));
    this.block = ssa.entry();
    this.tape = block.block().parameters().get(0).named("tape");
  }

  Body build() {
    Block exit = exit();
    if (exit == null) { // the method always throws
      finish();
      return ssa.build();
    }
    Map<Block, Set<Block>> sources = reach(exit);
    List<Block> order = order(exit);
    List<Variable> crossing = adjoint.crossing();
    for (int i = crossing.size() - 1; i >= 0; i--) {
      ssa.write(crossing.get(i), block, Kept.pop(block, tape, crossing.get(i).type()));
    }
    for (Variable variable : adjoint.crossingShadows().reversed()) {
      ssa.write(variable, block, Kept.popShadow(block, tape, variable.type()));
    }
    adjoint.early.forEach((value, sum) -> add(value, ssa.read(sum, block)));
    for (Value array : plan.restored().arrays()) {
      if (plan.restored().isEarly(array)) {
        continue;
      }
      Value last = ssa.read(adjoint.values.get(array).variable(), block);
      MethodTypeDesc type = MethodTypeDesc.of(array.type(), array.type());
      ssa.write(
          restored(array), block, block.call(MethodRef.ofStatic(ADJOINTS, "copy", type), last));
    }
    Value returned = ((Terminator.Return) exit.terminator()).value();
    if (returned != null
        && adjoint.isActiveValue(returned)
        && adjoint.resultActive
        && types.isValue(adjoint.function.type().returnType())) {
      Value seed = block.block().parameters().get(1).named("d(result)");
      ssa.write(variable(returned), block, seed);
    }
    block.branch(blocks.get(exit).block());
    seal(order, sources, ssa.entry());
    for (Block old : order) {
      reverse(old);
    }
    return withoutZeros(ssa.build(), sums);
  }

  /**
   * Leaves out what adds to nothing: where paths meet, that an adjoint is zero on all of them is
   * known only when the body is complete.
   */
  static Body withoutZeros(Body body, Set<Value> sums) {
    Set<Value> zeros = new HashSet<>();
    Map<Value, Value> replacements = new HashMap<>();
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Constant constant
            && constant.value() instanceof Number number
            && constant.result().kind().isFloating()
            && number.doubleValue() == 0) {
          zeros.add(op.result());
        }
      }
    }
    for (Block block : rewriter.blocks()) {
      rewriter
          .ops(block)
          .removeIf(
              op -> {
                boolean addsToZero =
                    op instanceof Op.Binary sum
                        && sums.contains(sum.result())
                        && sum.operator() == Arithmetic.ADD
                        && zeros.contains(sum.left());
                if (addsToZero) {
                  replacements.put(op.result(), op.operands().get(1));
                }
                return addsToZero;
              });
    }
    rewriter.replace(replacements);
    return rewriter.build();
  }

  /** Fills in the adjoint of one iteration; gives the sums of adjoints in it. */
  Set<Value> iteration() {
    EarlyReverse here = requireNonNull(early);
    Loop loop = here.loop().loop();
    Block latch = loop.latches().get(0);
    blocks.put(loop.header(), here.end());
    Map<Block, Set<Block>> sources = reach(latch);
    forget(loop);
    here.cotangents().forEach((sum, cotangent) -> ssa.write(variable(sum), block, cotangent));
    for (Value array : plan.restored().arrays()) {
      ssa.write(restored(array), block, array); // what an iteration leaves there nobody reads
    }
    block.branch(blocks.get(latch).block());
    List<Block> order = order(latch);
    seal(order, sources, here.begin());
    List<BlockBuilder> last = new ArrayList<>();
    sources.get(loop.header()).forEach(source -> last.add(blocks.get(source)));
    ssa.seal(here.end(), last);
    for (Block old : order) {
      reverse(old);
    }
    return sums;
  }

  /** Says from where each block is reached, the first one from another. */
  private void seal(List<Block> order, Map<Block, Set<Block>> sources, BlockBuilder before) {
    for (Block old : order) {
      if (!old.handlers().isEmpty()) {
        beforeThrowing.put(old, ssa.block());
      }
    }
    for (Block old : order) {
      List<BlockBuilder> predecessors = new ArrayList<>();
      List<BlockBuilder> catchers = new ArrayList<>();
      for (Block source : sources.get(old)) {
        BlockBuilder last = beforeThrowing.getOrDefault(source, blocks.get(source));
        (plan.thrower(source) == old ? catchers : predecessors).add(last);
      }
      if (old == order.get(0)) {
        predecessors.add(before);
      }
      ssa.seal(blocks.get(old), predecessors);
      BlockBuilder between = beforeThrowing.get(old);
      if (between != null) {
        catchers.add(blocks.get(old));
        ssa.seal(between, catchers);
      }
    }
  }

  private @Nullable Block exit() {
    for (Block old : adjoint.body.blocks()) {
      if (old.terminator() instanceof Terminator.Return) {
        return old;
      }
    }
    return null;
  }

  /** Makes a block for each that the reverse sweep visits; says from where each is reached. */
  private Map<Block, Set<Block>> reach(Block exit) {
    Map<Block, Set<Block>> sources = new HashMap<>();
    Deque<Block> work = new ArrayDeque<>();
    work.push(exit);
    sources.put(exit, new LinkedHashSet<>());
    blocks.put(exit, ssa.block());
    while (!work.isEmpty()) {
      Block at = work.pop();
      for (Block next : plan.reverseSuccessors(at)) {
        if (!blocks.containsKey(next)) {
          blocks.put(next, ssa.block());
          work.push(next);
        }
        sources.computeIfAbsent(next, _ -> new LinkedHashSet<>()).add(at);
      }
    }
    return sources;
  }

  /** The blocks in the order in which the reverse sweep comes to them. */
  private List<Block> order(Block exit) {
    return Traversal.reversePostorder(
        exit,
        at ->
            plan.reverseSuccessors(at).reversed().stream().filter(this::isPassedThrough).toList());
  }

  /** Whether a block is one of those that are reversed here: not the header of an early loop. */
  private boolean isPassedThrough(Block block) {
    return early == null || block != early.loop().loop().header();
  }

  // ---------------------------------------------------------------- adjoints

  private Variable variable(Value value) {
    return adjoints.computeIfAbsent(
        value,
        one ->
            new Variable(
                Types.adjoint(one.type()), one.name() == null ? null : nameOf(one.name())));
  }

  /** What the adjoint of a value is called. */
  private static String nameOf(String value) {
    return "d(" + value + ")";
  }

  /** The adjoint that a value has got so far, which is zero from here on; null if surely zero. */
  private @Nullable Value take(Value value) {
    if (!adjoint.isActiveValue(value)) {
      return null;
    }
    Variable variable = variable(value);
    Value current = ssa.read(variable, block);
    ssa.write(variable, block, ssa.zero(variable));
    return ssa.isZero(current) ? null : current;
  }

  private void add(Value value, @Nullable Value contribution) {
    if (contribution == null || !adjoint.isActiveValue(value)) {
      return;
    }
    Variable variable = variable(value);
    Value current = ssa.read(variable, block);
    if (ssa.isZero(current)) {
      ssa.write(variable, block, contribution);
      return;
    }
    Value sum = sum(block, current, contribution, variable.type());
    sums.add(sum);
    ssa.write(variable, block, sum);
  }

  private static Value sum(BlockBuilder block, Value left, Value right, ClassDesc type) {
    if (Kind.of(type) != Kind.REFERENCE) {
      return block.arithmetic(Arithmetic.ADD, left, right);
    }
    Value sum =
        block.call(
            MethodRef.ofStatic(ADJOINTS, "sum", MethodTypeDesc.of(CD_Object, CD_Object, CD_Object)),
            left,
            right);
    return block.cast(sum, type);
  }

  // ---------------------------------------------------------------- values of the forward half

  private @Nullable Value position(@Nullable Loop loop) {
    Variable position = loop == null ? null : adjoint.positions.get(loop);
    return position == null ? null : ssa.read(position, block);
  }

  private Value primal(Value value) {
    Value present = known.get(value);
    if (present == null) {
      present = find(value);
      known.put(value, present);
    }
    return present;
  }

  private Value find(Value value) {
    if (early != null
        && plan.isAtHand(value, early.loop())
        && !(plan.definition(value) instanceof Op.Constant)) {
      return value;
    }
    Kept kept = adjoint.values.get(value);
    if (kept != null) {
      return kept.load(ssa, block, position(kept.home())).named(value.name());
    }
    Op op = plan.definition(value);
    Value array = op == null ? null : plan.restored().array(op);
    if (array != null && op instanceof Op.LoadElement load) {
      Value copy = ssa.read(restored(array), block);
      return block.loadElement(copy, primal(load.index())).named(value.name());
    }
    Inductions.Induction induction = plan.induction(value);
    if (induction != null) {
      Value iteration = ssa.read(remaining(requireNonNull(plan.home(value))), block);
      Value distance =
          block.arithmetic(Arithmetic.MUL, iteration, block.constant(induction.step()));
      Value sum = block.arithmetic(Arithmetic.ADD, primal(induction.start()), distance);
      return sum.named(value.name());
    }
    Inductions.Series series = plan.series(value);
    if (series != null) {
      Value iteration = ssa.read(remaining(requireNonNull(plan.home(value))), block);
      return series(series, iteration).named(value.name());
    }
    if (op == null) {
      throw new IllegalStateException("a value was neither kept nor can it be computed again");
    }
    List<Value> operands = new ArrayList<>();
    op.operands().forEach(operand -> operands.add(primal(operand)));
    Value copy = value.copy();
    block.add(op.with(copy, operands));
    return copy;
  }

  private Value series(Inductions.Series series, Value iteration) {
    Value distance = block.arithmetic(Arithmetic.MUL, iteration, primal(series.first()));
    Value sum = block.arithmetic(Arithmetic.ADD, primal(series.start()), distance);
    if (series.growth() == 0) {
      return sum;
    }
    Value growths =
        block.call(
            MethodRef.ofStatic(ADJOINTS, "triangle", MethodTypeDesc.of(CD_int, CD_int)), iteration);
    Value grown = block.arithmetic(Arithmetic.MUL, growths, block.constant(series.growth()));
    return block.arithmetic(Arithmetic.ADD, sum, grown);
  }

  /** The copy of an array that is taken back to what the array held. */
  private Variable restored(Value array) {
    return restored.computeIfAbsent(
        array,
        one ->
            new Variable(one.type(), one.name() == null ? null : "restored(" + one.name() + ")"));
  }

  private Value shadow(Value value) {
    Kept kept = adjoint.shadows.get(value);
    return kept.load(ssa, block, position(kept.home()));
  }

  private Value holder(FieldRef field, @Nullable Value receiver, Op op) {
    return receiver == null
        ? ForwardSweep.cell(block, tape, adjoint.activity.cell(field, op))
        : shadow(receiver);
  }

  private Variable remaining(Loop loop) {
    String name = plan.isUnordered(loop) ? "index" : "remaining";
    return remaining.computeIfAbsent(loop, _ -> new Variable(CD_int, name));
  }

  /** How many iterations of a loop in which order does not matter have been reversed. */
  private Variable done(Loop loop) {
    return done.computeIfAbsent(loop, _ -> new Variable(CD_int, "done"));
  }

  private Variable trips(Loop loop) {
    return trips.computeIfAbsent(loop, _ -> new Variable(CD_int, "trips"));
  }

  // ---------------------------------------------------------------- blocks

  private void reverse(Block old) {
    block = blocks.get(old);
    known.clear();
    Loop loop = plan.loops.innermost(old);
    arrive(old, loop);
    block.at(old.terminator().location());
    for (int i = old.ops().size() - 1; i >= 0; i--) {
      Op op = old.ops().get(i);
      block.at(op.location());
      if (plan.isActive(op)) {
        if (op.result() != null) {
          takeCell(op.result());
        }
        reverse(op);
      }
    }
    BlockBuilder before = beforeThrowing.get(old);
    if (before != null) { // an exception has undone nothing of the block: handlers come in here
      block.branch(before.block());
      block = before;
      known.clear();
    }
    for (Value parameter : old.parameters()) {
      takeCell(parameter);
    }
    leave(old, loop);
  }

  /** Adjoints come over the edges to blocks with several predecessors. */
  private void arrive(Block old, @Nullable Loop loop) {
    Successor next = old.successors().size() == 1 ? old.successors().get(0) : null;
    boolean isLatch =
        loop != null
            && plan.isReversed(loop)
            && next != null
            && next.block() == loop.header()
            && loop.latches().contains(old);
    Map<Integer, Value> received = new LinkedHashMap<>();
    if (next != null && plan.dominators.predecessors(next.block()).size() > 1) {
      for (int i = 0; i < next.arguments().size(); i++) {
        Value adjointOfParameter = take(next.block().parameters().get(i));
        if (adjointOfParameter != null) {
          received.put(i, adjointOfParameter);
        }
      }
    }
    if (loop != null && isLatch && !plan.isIndependent(loop)) {
      if (adjoint.positions.containsKey(loop)) {
        decrement(adjoint.positions.get(loop));
      }
      nextIteration(loop);
      forget(loop);
    }
    received.forEach((i, value) -> add(requireNonNull(next).arguments().get(i), value));
  }

  private void nextIteration(Loop loop) {
    if (!plan.isUnordered(loop)) {
      decrement(remaining(loop));
      return;
    }
    Value index = ssa.read(done(loop), block);
    ssa.write(remaining(loop), block, index);
    ssa.write(done(loop), block, block.arithmetic(Arithmetic.ADD, index, block.constant(1)));
  }

  /** Every iteration has consumed the adjoints of its own values when the one before it starts. */
  private void forget(Loop loop) {
    for (Block inner : loop.blocks()) {
      inner.parameters().forEach(this::forget);
      for (Op op : inner.ops()) {
        if (op.result() != null) {
          forget(op.result());
        }
      }
    }
  }

  private void forget(Value value) {
    if (adjoint.isActiveValue(value)) {
      ssa.write(variable(value), block, ssa.zero(variable(value)));
    }
  }

  private void decrement(Variable variable) {
    Value less = block.arithmetic(Arithmetic.SUB, ssa.read(variable, block), block.constant(1));
    ssa.write(variable, block, less);
  }

  private void leave(Block old, @Nullable Loop loop) {
    if (old == adjoint.body.entry()) {
      finish();
      return;
    }
    List<Block> predecessors = plan.dominators.predecessors(old);
    List<Block> next = plan.reverseSuccessors(old);
    if (predecessors.size() == 1) {
      pass(old, predecessors.get(0));
      for (Loop left : plan.loopsLeft(old)) {
        if (plan.isReversed(left) && !plan.isIndependent(left)) {
          enter(old, left);
        }
      }
    }
    if (loop != null
        && loop.header() == old
        && plan.isReversed(loop)
        && !plan.isIndependent(loop)) {
      Block latch = null;
      Block before = null;
      for (Block predecessor : predecessors) {
        if (loop.blocks().contains(predecessor)) {
          latch = predecessor;
        } else {
          before = predecessor;
        }
      }
      Value more =
          plan.isUnordered(loop)
              ? block.compare(
                  Comparison.LT, ssa.read(done(loop), block), ssa.read(trips(loop), block))
              : block.compare(Comparison.GT, ssa.read(remaining(loop), block), block.constant(0));
      block.branch(
          more, Successor.to(blocks.get(latch).block()), Successor.to(blocks.get(before).block()));
    } else if (plan.thrower(old) != null) {
      block.branch(beforeThrowing.get(next.get(0)).block());
    } else if (next.size() == 1) {
      block.branch(blocks.get(next.get(0)).block());
    } else {
      choose(old, next);
    }
  }

  /** An only predecessor gets its block's adjoints before control goes there. */
  private void pass(Block old, Block predecessor) {
    for (Block.Handler handler : predecessor.handlers()) {
      if (handler.target().block() == old) {
        for (int i = 0; i < handler.target().arguments().size(); i++) {
          add(handler.target().arguments().get(i), take(old.parameters().get(i + 1)));
        }
      }
    }
    for (Successor successor : predecessor.successors()) {
      if (successor.block() == old) {
        List<Value> received = new ArrayList<>();
        for (Value parameter : old.parameters()) {
          received.add(take(parameter));
        }
        for (int i = 0; i < received.size(); i++) {
          add(successor.arguments().get(i), received.get(i));
        }
      }
    }
  }

  private void enter(Block old, Loop loop) {
    if (adjoint.positions.containsKey(loop)) {
      decrement(adjoint.positions.get(loop));
    }
    Value count = trips(old, loop);
    if (plan.isUnordered(loop)) {
      ssa.write(trips(loop), block, count);
      ssa.write(done(loop), block, block.constant(0));
    } else {
      ssa.write(remaining(loop), block, count);
    }
  }

  /** How often a loop ran that was left for a block. */
  private Value trips(Block old, Loop loop) {
    Kept trips = adjoint.trips.getOrDefault(old, Map.of()).get(loop);
    if (trips != null) {
      return trips.load(ssa, block, position(trips.home()));
    }
    CountedLoop counted = plan.counted(loop);
    if (counted == null || !plan.knowsCount(loop)) {
      return ssa.read(adjoint.positions.get(loop), block);
    }
    Value start = requireNonNull(plan.induction(counted.variable())).start();
    return plan.trips(block, counted, start, this::primal);
  }

  private void choose(Block old, List<Block> next) {
    Kept path = adjoint.paths.get(old);
    Value which = path.load(ssa, block, position(path.home()));
    if (next.size() == 2) {
      block.branch(
          which,
          Successor.to(blocks.get(next.get(1)).block()),
          Successor.to(blocks.get(next.get(0)).block()));
      return;
    }
    List<Integer> labels = new ArrayList<>();
    List<Successor> targets = new ArrayList<>();
    for (int i = 1; i < next.size(); i++) {
      labels.add(i);
      targets.add(Successor.to(blocks.get(next.get(i)).block()));
    }
    block.end(
        new Terminator.Switch(
            which,
            labels,
            targets,
            Successor.to(blocks.get(next.get(0)).block()),
            block.location()));
  }

  /** Hands over the adjoints of the parameters. */
  private void finish() {
    List<Value> parameters = adjoint.body.parameters();
    int only =
        Derivations.onlyValue(adjoint.function.type().parameterList(), adjoint.active, types);
    if (only >= 0) {
      Variable variable = variable(parameters.get(only));
      block.returns(ssa.read(variable, block));
      return;
    }
    for (int i = 0; i < parameters.size(); i++) {
      ClassDesc type = parameters.get(i).type();
      if (!adjoint.active[i] || !types.isValue(type)) {
        continue;
      }
      Value result = ssa.read(variable(parameters.get(i)), block);
      boolean isNumber = Kind.of(Types.adjoint(type)) != Kind.REFERENCE;
      Value out = block.loadField(isNumber ? OUT_NUMBERS : OUT_REFERENCES, tape);
      block.storeElement(out, block.constant(i), isNumber ? widened(block, result) : result);
    }
    block.returns(null);
  }

  private static Value widened(BlockBuilder block, Value number) {
    return number.kind() == Kind.FLOAT ? block.convert(number, CD_double) : number;
  }

  private static Value narrowed(BlockBuilder block, Value number, ClassDesc type) {
    return Kind.of(type) == number.kind() ? number : block.convert(number, type);
  }

  // ---------------------------------------------------------------- operations

  private void takeCell(Value value) {
    if (plan.hasCell(value)) {
      add(value, takeSlot(shadow(value), 0, value.type(), true));
    }
  }

  /** Reads a number or vector out of an object's shadow, and may leave zero there. */
  private Value takeSlot(Value shadow, int slot, ClassDesc type, boolean clear) {
    return takeSlot(block, shadow, slot, type, clear);
  }

  static Value takeSlot(BlockBuilder block, Value shadow, int slot, ClassDesc type, boolean clear) {
    ClassDesc adjointType = Types.adjoint(type);
    boolean isNumber = Kind.of(adjointType) != Kind.REFERENCE;
    Value array = block.loadField(isNumber ? NUMBERS : ForwardSweep.REFERENCES, shadow);
    Value index = block.constant(slot);
    Value found = block.loadElement(array, index);
    if (clear) {
      block.storeElement(
          array, index, isNumber ? block.constant(0.0) : block.nullConstant(CD_Object));
    }
    return isNumber ? narrowed(block, found, adjointType) : block.cast(found, adjointType);
  }

  private void addToSlot(Value shadow, int slot, @Nullable Value contribution) {
    if (contribution != null) {
      addToSlot(block, shadow, slot, contribution);
    }
  }

  static void addToSlot(BlockBuilder block, Value shadow, int slot, Value contribution) {
    boolean isNumber = contribution.kind() != Kind.REFERENCE;
    Value array = block.loadField(isNumber ? NUMBERS : ForwardSweep.REFERENCES, shadow);
    addToElement(
        block, array, block.constant(slot), isNumber ? widened(block, contribution) : contribution);
  }

  /** Adds to the adjoint of a value that is used as an object; the reference may be null. */
  private void addToCell(Value shadow, Value contribution) {
    boolean isNumber = contribution.kind() != Kind.REFERENCE;
    ClassDesc type = isNumber ? CD_double : CD_Object;
    block.run(
        MethodRef.ofStatic(ADJOINTS, "addToCell", MethodTypeDesc.of(CD_void, CD_Object, type)),
        shadow,
        isNumber ? widened(block, contribution) : contribution);
  }

  private static void addToElement(
      BlockBuilder block, Value array, Value index, Value contribution) {
    Value before = block.loadElement(array, index);
    block.storeElement(array, index, sum(block, before, contribution, before.type()));
  }

  private void reverse(Op op) {
    switch (op) {
      case Op.Negate negate -> {
        Value d = take(negate.result());
        add(negate.operand(), d == null ? null : block.negate(d));
      }
      case Op.Convert convert -> {
        Value d = take(convert.result());
        add(convert.operand(), d == null ? null : narrowed(block, d, convert.operand().type()));
      }
      case Op.Binary binary -> reverse(binary);
      case Op.LoadElement load -> {
        if (types.isValue(load.result().type())) {
          Value d = take(load.result());
          if (d != null && types.isOfBoxes(load.array().type())) {
            addToCell(shadow(load.result()), d);
          } else if (d != null) {
            addToElement(block, shadow(load.array()), primal(load.index()), d);
          }
        }
      }
      case Op.StoreElement store -> {
        ClassDesc element = ForwardSweep.elementType(store);
        if (element.isPrimitive() && types.isValue(element)) {
          Value array = shadow(store.array());
          Value index = primal(store.index());
          Value d = block.loadElement(array, index);
          block.storeElement(array, index, zero(block, d.type()));
          add(store.value(), d);
          restore(store, index);
        }
      }
      case Op.LoadField load -> {
        if (types.isValue(load.field().type())) {
          Value d = take(load.result());
          if (d != null) {
            addToSlot(
                holder(load.field(), load.receiver(), op),
                ForwardSweep.slot(load.field(), types, op),
                d);
          }
        }
      }
      case Op.StoreField store -> {
        if (types.isValue(store.field().type())) {
          int slot = ForwardSweep.slot(store.field(), types, op);
          add(
              store.value(),
              takeSlot(
                  holder(store.field(), store.receiver(), op), slot, store.field().type(), true));
        }
      }
      case Op.Cast cast -> {
        Value d = take(cast.result());
        if (d != null && types.isValue(cast.operand().type())) {
          add(cast.operand(), d);
        } else if (d != null) {
          addToCell(shadow(cast.operand()), d);
        }
      }
      case Op.Lambda lambda -> reverse(lambda);
      case Op.Call _, Op.Apply _ -> call(op);
      default -> {}
    }
  }

  /** Undoes a store in the copy of its array. */
  private void restore(Op.StoreElement store, Value index) {
    Kept kept = adjoint.overwritten(store);
    Value array = plan.restored().restoredBy(store);
    if (kept != null && array != null) {
      Value before = kept.load(ssa, block, position(kept.home()));
      block.storeElement(ssa.read(restored(array), block), index, before);
    }
  }

  /** What a lambda captured gets the adjoints that its calls have left in its shadow. */
  private void reverse(Op.Lambda lambda) {
    List<ClassDesc> captured = lambda.lambda().site().invocationType().parameterList();
    int[] slots = Captured.slots(captured, types);
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] >= 0 && types.isValue(captured.get(i))) {
        Value value = lambda.captured().get(i);
        add(value, takeSlot(shadow(lambda.result()), slots[i], captured.get(i), true));
      }
    }
  }

  private static Value zero(BlockBuilder block, ClassDesc type) {
    return block.constant(type, SsaBuilder.zero(type));
  }

  private void reverse(Op.Binary binary) {
    Value d = take(binary.result());
    if (d == null) {
      return;
    }
    Value left = binary.left();
    Value right = binary.right();
    boolean leftActive = adjoint.isActiveValue(left);
    boolean rightActive = adjoint.isActiveValue(right);
    switch (binary.operator()) {
      case ADD -> {
        add(left, d);
        add(right, d);
      }
      case SUB -> {
        add(left, d);
        add(right, rightActive ? block.negate(d) : null);
      }
      case MUL -> {
        boolean isUnderRoot = roots.mayBeOver(binary);
        add(left, leftActive ? times(d, primal(right), isUnderRoot) : null);
        add(right, rightActive ? times(d, primal(left), isUnderRoot) : null);
      }
      case DIV -> {
        Value quotient =
            adjoint.activity.isNonzeroConstant(right)
                ? block.arithmetic(Arithmetic.DIV, d, primal(right))
                : adjoints("quotient", d, primal(right));
        add(left, quotient);
        if (rightActive) {
          add(right, block.negate(adjoints("product", quotient, primal(binary.result()))));
        }
      }
      case REM -> {
        add(left, d);
        if (rightActive) { // a % b = a - n b, where n is a whole number
          Value whole = block.arithmetic(Arithmetic.SUB, primal(left), primal(binary.result()));
          Value times = block.arithmetic(Arithmetic.DIV, whole, primal(right));
          add(right, block.negate(adjoints("product", d, times)));
        }
      }
      default -> throw new IllegalStateException("not arithmetic on floating-point numbers");
    }
  }

  private Value times(Value d, Value partial, boolean mayBeInfinite) {
    return mayBeInfinite
        ? adjoints("product", d, partial)
        : block.arithmetic(Arithmetic.MUL, d, partial);
  }

  /** A product or quotient of numbers, where an adjoint of zero wins over what is not finite. */
  private Value adjoints(String name, Value adjoint, Value other) {
    ClassDesc type = adjoint.type();
    return block.call(
        MethodRef.ofStatic(ADJOINTS, name, MethodTypeDesc.of(type, type, type)), adjoint, other);
  }

  private void call(Op op) {
    switch (adjoint.activity.target(op)) {
      case Target.Boxing _ -> {
        Value d = take(requireNonNull(op.result()));
        Value operand = op.operands().get(0);
        add(operand, d == null ? null : narrowed(block, d, Types.adjoint(operand.type())));
      }
      case Target.Ruled _ when Marks.isMark(op) -> marked(op.operands(), op.result());
      case Target.Ruled ruled -> ruled(op, ruled.rule());
      case Target.Direct direct -> direct(op, direct);
      case Target.Dispatched dispatched -> dispatched(op, dispatched);
      case null, default -> {}
    }
  }

  /** The number itself gets the cotangent of the result, the input that times the partial. */
  private void marked(List<Value> operands, @Nullable Value result) {
    Value d = result == null ? null : take(result);
    if (d != null) {
      add(operands.get(0), d);
      add(operands.get(1), adjoints("product", d, primal(operands.get(2))));
    }
  }

  private void ruled(Op op, Rule rule) {
    Value result = requireNonNull(op.result());
    Value d = types.isShadowed(result.type()) ? shadow(result) : take(result);
    if (d == null) {
      return;
    }
    List<Value> arguments = op.operands();
    for (int i = 0; i < arguments.size(); i++) {
      Value argument = arguments.get(i);
      if (!rule.depends(i) || !adjoint.activity.isActive(argument)) {
        continue;
      }
      Rule.Vjp vjp = rule.pullback(i);
      if (vjp == null) {
        throw Rules.missing(op, i, "reverse", "@Pullback", "Grad.jvp or Grad.derivative");
      }
      List<Value> passed = new ArrayList<>();
      for (int k = 0; k <= arguments.size(); k++) {
        Value value = k < arguments.size() ? arguments.get(k) : result;
        ClassDesc wanted = vjp.type().parameterType(k);
        passed.add(
            vjp.reads()[k]
                ? Conversions.fitting(block, primal(value), wanted, types)
                : zero(block, wanted));
      }
      ClassDesc last = vjp.type().parameterType(vjp.type().parameterCount() - 1);
      passed.add(last.isPrimitive() ? narrowed(block, d, last) : d);
      Value contribution = invoke(vjp, passed);
      if (argument.type().isPrimitive()) {
        contribution = narrowed(block, contribution, argument.type());
      }
      if (types.isValue(argument.type())) {
        add(argument, contribution);
      } else if (types.isValue(contribution.type())) { // a vector, as one of an interface
        addToCell(shadow(argument), contribution);
      } else {
        ClassDesc type = contribution.type();
        block.run(
            MethodRef.ofStatic(ADJOINTS, "add", MethodTypeDesc.of(CD_void, type, type)),
            shadow(argument),
            contribution);
      }
    }
  }

  private Value invoke(Rule.Vjp vjp, List<Value> arguments) {
    if (vjp.method() != null) {
      return block.call(vjp.method(), arguments.toArray(new Value[0]));
    }
    List<Value> all = new ArrayList<>(arguments);
    all.add(0, block.constant(CD_MethodHandle, vjp.handle()));
    return block.call(
        MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", vjp.type()), all.toArray(new Value[0]));
  }

  private void direct(Op op, Target.Direct direct) {
    Derived derived = ForwardSweep.derived(adjoint, op, direct);
    List<ClassDesc> parameters = direct.function().type().parameterList();
    List<Value> passed = new ArrayList<>();
    passed.add(tape);
    if (derived.reverse().type().parameterCount() > 1) {
      Value result = requireNonNull(op.result());
      Value d = take(result);
      passed.add(d == null ? zero(block, Types.adjoint(result.type())) : d);
    }
    Value returned = block.apply(derived.reverse(), passed);
    receive(op, returned, parameters, derived.parameters());
  }

  private void dispatched(Op call, Target.Dispatched dispatched) {
    Dispatch dispatch = ForwardSweep.dispatch(adjoint, call, dispatched);
    Value chosen = Kept.pop(block, tape, ForwardSweep.CHOSEN);
    MethodTypeDesc type = dispatch.reverseType();
    List<Value> passed = new ArrayList<>();
    passed.add(
        block.loadField(
            new FieldRef(ForwardSweep.CHOSEN, "reverse", CD_MethodHandle, false), chosen));
    passed.add(tape);
    if (type.parameterCount() > 1) {
      Value result = requireNonNull(call.result());
      Value d = take(result);
      passed.add(d == null ? zero(block, Types.adjoint(result.type())) : d);
    }
    MethodRef method = MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", type);
    Value returned = null;
    if (type.returnType().equals(CD_void)) {
      block.run(method, passed.toArray(new Value[0]));
    } else {
      returned = block.call(method, passed.toArray(new Value[0]));
    }
    receive(call, returned, dispatch.parameters(), dispatch.active());
  }

  /** Adds the cotangents that a reverse function returned or left on the tape. */
  private void receive(
      Op op, @Nullable Value returned, List<ClassDesc> parameters, boolean[] active) {
    if (returned != null) {
      add(op.operands().get(Derivations.onlyValue(parameters, active, types)), returned);
      return;
    }
    for (int i = 0; i < parameters.size(); i++) {
      if (!active[i] || !types.isValue(parameters.get(i))) {
        continue;
      }
      ClassDesc type = Types.adjoint(parameters.get(i));
      boolean isNumber = Kind.of(type) != Kind.REFERENCE;
      Value out = block.loadField(isNumber ? OUT_NUMBERS : OUT_REFERENCES, tape);
      Value found = block.loadElement(out, block.constant(i));
      add(op.operands().get(i), isNumber ? narrowed(block, found, type) : block.cast(found, type));
    }
  }
}

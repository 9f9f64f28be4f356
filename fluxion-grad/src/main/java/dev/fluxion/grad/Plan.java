package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Inductions.Induction;
import dev.fluxion.grad.Inductions.Series;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the reverse sweep goes through and what it reads: the blocks with something active, and the
 * values that derivatives depend on ("to be recorded" in Tapenade's words). Each of these is kept,
 * or computed again where that is cheap.
 */
final class Plan {
  /** How long a chain of operations may be that is computed again. */
  private static final int MAX_DEPTH = 3;

  final Body body;
  final Dominators dominators;
  final Loops loops;
  final Activity activity;
  private final boolean isRepeated;
  private final Types types;
  private final Set<Block> activeBlocks = new HashSet<>();
  private final Map<Value, Op> definitions;
  private final Map<Value, Block> homes;
  private final Set<Value> needed = new LinkedHashSet<>();
  private final Map<Value, Set<Op>> readers = new LinkedHashMap<>();
  private final Set<Value> neededShadows = new LinkedHashSet<>();
  private final Set<Value> kept = new LinkedHashSet<>();
  private final Overwriting overwriting;
  private final Map<Op, Boolean> lasting = new IdentityHashMap<>();
  private final RestoredArrays restored;
  private final Inductions inductions;
  private final Map<Loop, CountedLoop> counted = new LinkedHashMap<>();
  private final Set<Value> cells = new HashSet<>();
  private final Set<Value> used;
  private final Map<Block, List<Block>> reverseSuccessors = new HashMap<>();
  private final Map<Loop, IndependentLoop> independent = new LinkedHashMap<>();
  private final Map<Loop, Boolean> unordered = new HashMap<>();
  private @Nullable Uses uses;

  /**
   * Makes a plan.
   *
   * @param isRepeated whether the body's forward half runs again, and must not repeat its effects
   * @param isUndisturbed whether nothing writes to arrays between both halves
   * @param early the headers of loops that may be reversed iteration by iteration as they run, if
   *     they turn out to be independent
   */
  Plan(
      Body body,
      Activity activity,
      boolean isRepeated,
      boolean isUndisturbed,
      Set<Block> early,
      Types types) {
    this.body = body;
    this.dominators = Dominators.of(body);
    this.loops = Loops.of(body, dominators);
    this.activity = activity;
    this.isRepeated = isRepeated;
    this.types = types;
    this.used = body.used();
    this.definitions = body.definitions();
    this.homes = body.homes();
    this.overwriting = Overwriting.of(body, isUndisturbed, types);
    findActiveBlocks();
    this.inductions = Inductions.of(loops, dominators, definitions, homes);
    for (Loop loop : loops.all()) {
      CountedLoop count =
          CountedLoop.of(
              loop,
              definitions,
              inductions.constant(),
              value -> !loop.blocks().contains(homes.get(value)));
      if (count != null) {
        counted.put(loop, count);
      }
    }
    for (Block block : body.blocks()) {
      block.ops().forEach(this::findCells);
      if (block.terminator() instanceof Terminator.Return returned && returned.value() != null) {
        cell(returned.value(), body.type().returnType());
      }
      for (Successor successor : block.successors()) {
        List<Value> parameters = successor.block().parameters();
        passed(successor.arguments(), parameters.stream().map(Value::type).toList());
      }
      if (activeBlocks.contains(block)) {
        block.ops().forEach(this::findNeeded);
      }
    }
    if (!early.isEmpty()) {
      for (IndependentLoop loop : IndependentLoop.find(this)) {
        if (early.contains(loop.loop().header())) {
          independent.put(loop.loop(), loop);
        }
      }
    }
    this.restored = new RestoredArrays(this, overwriting);
    for (Block block : body.blocks()) {
      for (Value value : block.parameters()) {
        decide(value);
      }
      for (Op op : block.ops()) {
        if (op.result() != null) {
          decide(op.result());
        }
      }
    }
    counted.forEach(this::countAgain);
  }

  /** Has what tells how often a loop runs kept, where an outer loop can keep it. */
  private void countAgain(Loop loop, CountedLoop count) {
    Loop parent = loop.parent();
    if (parent == null || !isReversed(loop) || knowsCount(loop)) {
      return;
    }
    Set<Value> leaves = new LinkedHashSet<>();
    if (reaches(requireNonNull(induction(count.variable())).start(), parent, 0, leaves)
        && reaches(count.bound(), parent, 0, leaves)) {
      for (Value leaf : leaves) {
        needed.add(leaf);
        decide(leaf);
      }
    }
  }

  /** The headers of outermost loops in which something is kept. */
  Set<Block> keeping() {
    Set<Block> headers = new LinkedHashSet<>();
    Set<Block> blocks = new LinkedHashSet<>();
    kept.forEach(value -> blocks.add(homes.get(value)));
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.StoreElement store && restored.restoredBy(store) != null) {
          blocks.add(block);
        }
      }
    }
    for (Block block : blocks) {
      Loop outermost = outermost(block);
      if (outermost != null) {
        headers.add(outermost.header());
      }
    }
    return headers;
  }

  private @Nullable Loop outermost(Block block) {
    Loop at = loops.innermost(block);
    while (at != null && at.parent() != null) {
      at = at.parent();
    }
    return at;
  }

  /** The loops each iteration of which is reversed as soon as it has run. */
  Collection<IndependentLoop> independent() {
    return independent.values();
  }

  /** The loop around a block that is reversed in the forward half, or null. */
  @Nullable IndependentLoop independent(@Nullable Block block) {
    Loop outermost = block == null ? null : outermost(block);
    return outermost == null ? null : independent.get(outermost);
  }

  /**
   * Whether the reverse sweep may go through the iterations of a loop in any order, for all that
   * they do is to add to adjoints: it then counts up, as processors and their compilers like it.
   */
  boolean isUnordered(Loop loop) {
    return unordered.computeIfAbsent(loop, one -> Unordered.is(one, this));
  }

  /** Where the values of the body go. */
  Uses uses() {
    if (uses == null) {
      uses = new Uses(body, this);
    }
    return uses;
  }

  /** Whether a loop is reversed in the forward half, iteration by iteration. */
  boolean isIndependent(Loop loop) {
    return independent.containsKey(loop);
  }

  /** Whether the adjoint of an iteration of an independent loop has a value before its eyes. */
  boolean isAtHand(Value value, IndependentLoop independent) {
    Loop home = home(value);
    return home == null
        || (home == independent.loop()
            && dominators.dominates(homes.get(value), independent.loop().latches().get(0)));
  }

  /** The block where the body returns. */
  Block exit() {
    for (Block block : body.blocks()) {
      if (block.terminator() instanceof Terminator.Return) {
        return block;
      }
    }
    return body.entry(); // it never returns
  }

  Overwriting overwriting() {
    return overwriting;
  }

  @Nullable Op definition(Value value) {
    return definitions.get(value);
  }

  /** A value, or a constant of its own for a block that the constant's definition may not reach. */
  Value constantOr(Value value, BlockBuilder block) {
    return definitions.get(value) instanceof Op.Constant constant
        ? block.constant(value.type(), constant.value())
        : value;
  }

  /** The innermost loop in which a value is defined. */
  @Nullable Loop home(Value value) {
    return loops.innermost(homes.get(value));
  }

  /** The block in which a value is defined. */
  Block block(Value value) {
    return homes.get(value);
  }

  /** The values to keep for the reverse sweep. */
  Set<Value> kept() {
    return kept;
  }

  /** The references whose shadows the reverse sweep reads. */
  Set<Value> keptShadows() {
    return neededShadows;
  }

  /** The arrays that the reverse sweep restores, and what it reads of them. */
  RestoredArrays restored() {
    return restored;
  }

  /** Whether nothing writes to arrays between the halves of the derivative of a call's callee. */
  boolean isUndisturbed(Op call) {
    return overwriting.isUndisturbed(call);
  }

  @Nullable Induction induction(Value value) {
    return inductions.constant().get(value);
  }

  @Nullable Series series(Value value) {
    return inductions.series(value);
  }

  /** Whether anything reads a value. */
  boolean isUsed(Value value) {
    return used.contains(value);
  }

  /** How a loop counts, or null when that is not known before it runs. */
  @Nullable CountedLoop counted(Loop loop) {
    return counted.get(loop);
  }

  /**
   * Code that tells how often a counted loop runs.
   *
   * @param start of its variable
   * @param here what a value of the body is where the code goes
   */
  Value trips(BlockBuilder block, CountedLoop loop, Value start, UnaryOperator<Value> here) {
    Integer known = trips(loop, start);
    if (known != null) {
      return block.constant(known);
    }
    Integer first = integer(start);
    boolean countsUp = first != null && first == 0 && loop.step() == 1 && !loop.isInclusive();
    return countsUp && isNatural(loop.bound())
        ? here.apply(loop.bound())
        : loop.trips(block, here.apply(start), here.apply(loop.bound()));
  }

  /** How often a counted loop runs, where constants tell; else null. */
  @Nullable Integer trips(CountedLoop loop, Value start) {
    Integer first = integer(start);
    Integer bound = integer(loop.bound());
    return first == null || bound == null
        ? null
        : Integer.valueOf(Adjoints.trips(first, bound, loop.step(), loop.isInclusive()));
  }

  @Nullable Integer integer(Value value) {
    return definitions.get(value) instanceof Op.Constant constant
            && constant.value() instanceof Integer number
        ? number
        : null;
  }

  /**
   * Whether a number surely is not negative, since a loop counts it up from another that is not.
   */
  private boolean isNatural(Value value) {
    Induction induction = induction(value);
    Integer first = induction == null ? null : integer(induction.start());
    Loop home = home(value);
    CountedLoop count = home == null ? null : counted.get(home);
    return induction != null
        && first != null
        && first >= 0
        && count != null
        && count.variable() == value
        && count.step() > 0
        && !count.isInclusive();
  }

  /** Whether the reverse sweep can tell how often a loop ran, though nobody has kept it. */
  boolean knowsCount(Loop loop) {
    CountedLoop count = counted.get(loop);
    return count != null
        && isAvailable(requireNonNull(induction(count.variable())).start(), 0)
        && isAvailable(count.bound(), 0);
  }

  /** Whether a number or vector is used as an object too, and so has a shadow besides. */
  boolean hasCell(Value value) {
    return cells.contains(value);
  }

  boolean isReversed(Loop loop) {
    return activeBlocks.contains(loop.header());
  }

  boolean isActive(Block block) {
    return activeBlocks.contains(block);
  }

  boolean isActiveValue(Value value) {
    return activity.isActive(value) && types.isValue(value.type());
  }

  private void findActiveBlocks() {
    for (Block block : body.blocks()) {
      boolean active = false;
      for (Value parameter : block.parameters()) {
        active |= block != body.entry() && isActiveValue(parameter);
      }
      for (Op op : block.ops()) {
        active |= isReversed(op);
      }
      if (active) {
        activeBlocks.add(block);
        for (Loop at = loops.innermost(block); at != null; at = at.parent()) {
          activeBlocks.add(at.header());
        }
      }
    }
  }

  /** Whether the reverse sweep has something to do for an operation: not where references move. */
  private boolean isReversed(Op op) {
    return switch (op) {
      case Op.LoadField load -> isActive(op) && types.isValue(load.result().type());
      case Op.LoadElement load -> isActive(op) && types.isValue(load.result().type());
      case Op.New _, Op.NewArray _ -> false;
      default -> isActive(op);
    };
  }

  /** Whether an operation has something to do with adjoints or shadows. */
  boolean isActive(Op op) {
    return isActive(op, activity, isRepeated, types);
  }

  static boolean isActive(Op op, Activity activity, boolean isRepeated, Types types) {
    return switch (op) {
      case Op.StoreElement store ->
          activity.isActive(store.array()) && types.mayCarry(store.value().type());
      case Op.StoreField store ->
          store.receiver() == null
              ? activity.cell(store.field(), store) >= 0
              : activity.isActive(store.receiver()) && mayCarry(store, types);
      case Op.Call _, Op.Apply _ -> {
        Target target = activity.target(op);
        boolean goesIn = target instanceof Target.Direct || target instanceof Target.Dispatched;
        yield (op.result() != null && activity.isActive(op.result()))
            || (goesIn && op.operands().stream().anyMatch(activity::isActive))
            || (goesIn && isRepeated && Effects.reaches(target, op, types))
            || activity.reaches(op);
      }
      case Op.Lambda lambda -> activity.isActive(lambda.result());
      default -> op.result() != null && activity.isActive(op.result());
    };
  }

  /** Null, whose type may be any, goes into fields that hold no numbers too. */
  static boolean mayCarry(Op.StoreField store, Types types) {
    return types.mayCarry(store.value().type()) && types.mayCarry(store.field().type());
  }

  /** The operations whose derivative reads each value, or its shadow, in the reverse sweep. */
  Map<Value, Set<Op>> readers() {
    return readers;
  }

  private void need(Value value, Op reader) {
    needed.add(value);
    readers.computeIfAbsent(value, _ -> new LinkedHashSet<>()).add(reader);
  }

  private void needShadow(Value value, Op reader) {
    if (activity.isActive(value)) {
      neededShadows.add(value);
      readers.computeIfAbsent(value, _ -> new LinkedHashSet<>()).add(reader);
    }
  }

  private void findNeeded(Op op) {
    if (!isActive(op)) {
      return;
    }
    switch (op) {
      case Op.Binary binary -> {
        boolean left = activity.isActive(binary.left());
        boolean right = activity.isActive(binary.right());
        switch (binary.operator()) {
          case MUL -> {
            if (left) {
              need(binary.right(), op);
            }
            if (right) {
              need(binary.left(), op);
            }
          }
          case DIV -> {
            need(binary.right(), op);
            if (right) {
              need(binary.result(), op);
            }
          }
          case REM -> {
            if (right) {
              need(binary.left(), op);
              need(binary.right(), op);
              need(binary.result(), op);
            }
          }
          default -> {}
        }
      }
      case Op.LoadElement load -> {
        if (types.isOfBoxes(load.array().type())) {
          neededShadows.add(load.result());
        } else if (types.isValue(load.result().type())) {
          needShadow(load.array(), op);
          need(load.index(), op);
        }
      }
      case Op.StoreElement store -> {
        ClassDesc element = ForwardSweep.elementType(store);
        if (element.isPrimitive() && types.isValue(element)) {
          needShadow(store.array(), op);
          need(store.index(), op);
        }
      }
      case Op.LoadField load -> {
        if (load.receiver() != null && types.isValue(load.field().type())) {
          needShadow(load.receiver(), op);
        }
      }
      case Op.StoreField store -> {
        if (store.receiver() != null && types.isValue(store.field().type())) {
          needShadow(store.receiver(), op);
        }
      }
      case Op.Cast cast -> {
        if (types.isValue(cast.result().type()) && types.isShadowed(cast.operand().type())) {
          needShadow(cast.operand(), op);
        }
      }
      case Op.Lambda lambda -> neededShadows.add(lambda.result());
      case Op.Call _, Op.Apply _ -> {
        if (activity.target(op) instanceof Target.Ruled ruled) {
          findNeeded(op, ruled.rule());
        }
      }
      default -> {}
    }
    if (op.result() != null && hasCell(op.result())) {
      neededShadows.add(op.result());
    }
  }

  private void findNeeded(Op call, Rule rule) {
    List<Value> arguments = call.operands();
    for (int i = 0; i < arguments.size(); i++) {
      Rule.Vjp vjp = rule.pullback(i);
      if (vjp == null || !activity.isActive(arguments.get(i))) {
        continue;
      }
      for (int k = 0; k < arguments.size(); k++) {
        if (vjp.reads()[k]) {
          need(arguments.get(k), call);
        }
      }
      if (vjp.reads()[arguments.size()]) {
        need(requireNonNull(call.result()), call);
      }
      if (types.isShadowed(arguments.get(i).type())) {
        needShadow(arguments.get(i), call);
      }
    }
    Value result = call.result();
    if (result != null && types.isShadowed(result.type())) {
      needShadow(result, call);
    }
  }

  /** Where a number or vector goes into a variable of a wider type. */
  private void findCells(Op op) {
    switch (op) {
      case Op.StoreElement store -> {
        ClassDesc element = ForwardSweep.elementType(store);
        if (!element.isPrimitive()) { // boxes and vectors too have their shadows in arrays
          cell(store.value(), CD_Object);
        }
      }
      case Op.StoreField store -> cell(store.value(), store.field().type());
      case Op.Cast cast -> cell(cast.operand(), cast.result().type());
      case Op.Lambda lambda ->
          passed(lambda.captured(), lambda.lambda().site().invocationType().parameterList());
      case Op.Call call -> {
        Target target = activity.target(op);
        if (target instanceof Target.Direct || target instanceof Target.Dispatched) {
          passed(call.arguments(), call.method().argumentTypes());
        }
      }
      case Op.Apply apply -> passed(apply.arguments(), apply.function().type().parameterList());
      default -> {}
    }
  }

  private void passed(List<Value> arguments, List<ClassDesc> parameters) {
    for (int i = 0; i < arguments.size(); i++) {
      cell(arguments.get(i), parameters.get(i));
    }
  }

  private void cell(Value value, ClassDesc type) {
    boolean sharesCell = // the cell of the place in the array serves
        definitions.get(value) instanceof Op.LoadElement load
            && types.isOfBoxes(load.array().type());
    if (isActiveValue(value) && types.isShadowed(type) && !sharesCell) {
      cells.add(value);
      neededShadows.add(value);
    }
  }

  /**
   * What is needed is computed or loaded again if that takes no more than what is kept anyway, or
   * what an outer loop can keep in fewer iterations.
   */
  private void decide(Value value) {
    if (!needed.contains(value) || isCheap(value, 0)) {
      return;
    }
    Set<Value> leaves = new LinkedHashSet<>();
    Loop home = home(value);
    if (home != null && reaches(value, home, 0, leaves)) {
      use(leaves, value);
    } else if (home == null || !restores(value, home)) {
      kept.add(value);
    }
  }

  /** Whether a value is read from a copy of its array. */
  private boolean restores(Value value, Loop home) {
    if (!(definitions.get(value) instanceof Op.LoadElement load)) {
      return false;
    }
    Op.NewArray array = restored.candidate(load);
    Set<Value> leaves = new LinkedHashSet<>();
    if (array == null || !reaches(load.index(), home, 0, leaves)) {
      return false;
    }
    restored.read(load, array);
    leaves.add(array.result());
    use(leaves, value);
    return true;
  }

  /** Has values from which another is computed or loaded again for those that need it. */
  private void use(Set<Value> leaves, Value value) {
    for (Value leaf : leaves) {
      needed.add(leaf);
      readers
          .computeIfAbsent(leaf, _ -> new LinkedHashSet<>())
          .addAll(readers.getOrDefault(value, Set.of()));
      decide(leaf);
    }
  }

  /** Collects the values of outer loops from which a value of a loop can be had again. */
  private boolean reaches(Value value, Loop loop, int depth, Set<Value> leaves) {
    if (isAvailable(value, depth)) {
      return true;
    }
    if (!loop.blocks().contains(homes.get(value))) {
      leaves.add(value);
      return true;
    }
    Op op = definitions.get(value);
    if (op == null || !isRepeatable(op) || depth > MAX_DEPTH) {
      return false;
    }
    for (Value operand : op.operands()) {
      if (!reaches(operand, loop, depth + 1, leaves)) {
        return false;
      }
    }
    return true;
  }

  private boolean isRepeatable(Op op) {
    return isArithmetic(op) || (op instanceof Op.LoadElement load && lasts(load));
  }

  private boolean lasts(Op.LoadElement load) {
    return lasting.computeIfAbsent(load, _ -> overwriting.lasts(load) || lastsInIteration(load));
  }

  /** Whether an element is the same still when its iteration of an independent loop ends. */
  private boolean lastsInIteration(Op.LoadElement load) {
    IndependentLoop independent = independent(homes.get(load.result()));
    Op.NewArray origin = overwriting.own().origin(load.array());
    return independent != null
        && origin != null
        && !overwriting.isFollowed(
            load, write -> write.origin() == origin, independent.loop().header());
  }

  private static boolean isArithmetic(Op op) {
    return op instanceof Op.Convert
        || op instanceof Op.Negate
        || (op instanceof Op.Binary binary
            && binary.isPure()
            && binary.operator() != Arithmetic.DIV
            && binary.operator() != Arithmetic.REM);
  }

  /** Whether the reverse sweep can have a value without keeping it. */
  boolean isCheap(Value value, int depth) {
    Op op = definitions.get(value);
    if (op instanceof Op.Constant) {
      return true;
    }
    Induction induction = induction(value);
    if (induction != null && isAvailable(induction.start(), depth)) {
      return true;
    }
    Series series = series(value);
    if (series != null
        && isAvailable(series.start(), depth)
        && isAvailable(series.first(), depth)) {
      return true;
    }
    if (op == null || !isRepeatable(op) || depth > MAX_DEPTH) {
      return false;
    }
    for (Value operand : op.operands()) {
      if (!isAvailable(operand, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean isAvailable(Value value, int depth) {
    return kept.contains(value) || isAtHand(value) || isCheap(value, depth);
  }

  /** Whether a value of an independent loop is there when the adjoint of its iteration runs. */
  private boolean isAtHand(Value value) {
    IndependentLoop independent = independent(homes.get(value));
    return independent != null && isAtHand(value, independent);
  }

  /** The blocks that the reverse sweep may go to after a block: where control came from. */
  List<Block> reverseSuccessors(Block block) {
    return reverseSuccessors.computeIfAbsent(block, this::findReverseSuccessors);
  }

  private List<Block> findReverseSuccessors(Block block) {
    List<Block> predecessors = dominators.predecessors(block);
    if (block == body.entry()) {
      return List.of();
    }
    Loop loop = loops.innermost(block);
    boolean isReversedHeader = loop != null && loop.header() == block && isReversed(loop);
    if (loop != null && loop.header() == block && isIndependent(loop)) {
      Set<Block> inside = loop.blocks();
      return predecessors.stream().filter(from -> !inside.contains(from)).toList();
    }
    if (predecessors.size() == 1 || isReversedHeader) {
      return predecessors;
    }
    Block dominator = requireNonNull(dominators.immediateDominator(block));
    boolean isPassive =
        !mayThrow(dominator)
            && !leavesReversedLoop(dominator, block)
            && isPassiveBetween(dominator, block);
    return isPassive ? List.of(dominator) : predecessors;
  }

  /** Whether what a block does to active values may not have happened when control left it. */
  private boolean mayThrow(Block block) {
    return !block.handlers().isEmpty() && activeBlocks.contains(block);
  }

  /** The way back into a loop goes through the block where its iterations are counted down. */
  private boolean leavesReversedLoop(Block from, Block to) {
    for (Loop at = loops.innermost(from); at != null; at = at.parent()) {
      if (isReversed(at) && !at.blocks().contains(to)) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing happens in the reverse sweep between a block and its dominator. */
  private boolean isPassiveBetween(Block dominator, Block block) {
    for (Value parameter : block.parameters()) {
      if (isActiveValue(parameter)) {
        return false;
      }
    }
    Set<Block> seen = new HashSet<>();
    Deque<Block> work = new ArrayDeque<>(dominators.predecessors(block));
    while (!work.isEmpty()) {
      Block at = work.pop();
      if (at == dominator || at == block || !seen.add(at)) {
        continue;
      }
      if (activeBlocks.contains(at)) {
        return false;
      }
      work.addAll(dominators.predecessors(at));
    }
    return true;
  }

  /** The block whose exceptions a handler catches, or null when the block is no handler. */
  @Nullable Block thrower(Block block) {
    List<Block> predecessors = dominators.predecessors(block);
    if (predecessors.size() == 1) {
      for (Block.Handler handler : predecessors.get(0).handlers()) {
        if (handler.target().block() == block) {
          return predecessors.get(0);
        }
      }
    }
    return null;
  }

  /**
   * Whether a handler leaves a monitor and throws the exception on, as at the end of a synchronized
   * statement. What leaves a method that still holds a monitor becomes another exception.
   */
  static boolean onlyUnlocks(Block handler) {
    Block at = handler;
    boolean unlocks = false;
    Set<Block> seen = new HashSet<>();
    while (seen.add(at)) {
      for (Op op : at.ops()) {
        if (op instanceof Op.Monitor monitor && !monitor.enter()) {
          unlocks = true;
        } else if (!op.isPure()) {
          return false;
        }
      }
      if (!(at.terminator() instanceof Terminator.Branch branch)) {
        return unlocks && at.terminator() instanceof Terminator.Throw;
      }
      at = branch.target().block();
    }
    return false;
  }

  /** The loops that control leaves on the way into a block, innermost first. */
  List<Loop> loopsLeft(Block block) {
    List<Loop> left = new ArrayList<>();
    if (dominators.predecessors(block).size() == 1) {
      Loop at = loops.innermost(dominators.predecessors(block).get(0));
      while (at != null && !at.blocks().contains(block)) {
        left.add(at);
        at = at.parent();
      }
    }
    return left;
  }
}

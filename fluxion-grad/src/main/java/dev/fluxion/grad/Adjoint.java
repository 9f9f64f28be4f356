package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation of a function.
 *
 * <p>The forward function is the function itself, with shadows beside its active references; it
 * keeps what the reverse function reads. The reverse function goes through the blocks backwards: a
 * block with several predecessors is left for the one recorded, a loop is repeated as often as its
 * counter says. What is kept in a loop is kept in arrays, one element an iteration.
 */
final class Adjoint {
  /** The two halves of a derivative. */
  record Bodies(Body forward, Body reverse) {
    /** Those of a function whose forward half leaves nothing to do. */
    static Bodies withoutReverse(
        Body forward, Function function, boolean[] active, boolean result, Types types) {
      Body.Builder reverse =
          new Body.Builder(
              function.name() + "'",
              Derivations.reverseType(function.type(), active, result, types));
      reverse.entry().returns(null);
      return new Bodies(forward, reverse.build());
    }
  }

  final Function function;
  final boolean[] active;
  final boolean resultActive;
  final Statics statics;
  final Types types;
  final Activity given;
  final Activity activity;
  final Plan plan;
  final Body body;
  final Map<Value, Kept> values = new LinkedHashMap<>();
  final Map<Value, Kept> shadows = new LinkedHashMap<>();
  private final Map<Op, Kept> overwritten = new IdentityHashMap<>();
  private final List<Kept> allOverwritten = new ArrayList<>();
  final Map<Block, Kept> paths = new LinkedHashMap<>();
  final Map<Block, Map<Loop, Kept>> trips = new LinkedHashMap<>();

  /** Of loops that keep something, or of which nothing else tells how often they run. */
  final Map<Loop, Variable> positions = new LinkedHashMap<>();

  private Adjoint(
      Function function,
      Body canonical,
      boolean[] active,
      boolean resultActive,
      Statics statics,
      boolean isUndisturbed,
      Types types) {
    this.function = function;
    this.active = active;
    this.resultActive = resultActive;
    this.statics = statics;
    this.types = types;
    Summaries summaries = Summaries.of(statics);
    this.given = Activity.of(canonical, active, types, summaries);
    this.body = Preaccumulation.apply(canonical, given, types);
    this.activity = body == canonical ? given : Activity.of(body, active, types, summaries);
    this.plan = new Plan(body, activity, statics.isRepeated(), isUndisturbed, types);
    for (Value value : plan.kept()) {
      values.put(value, new Kept(value.type(), plan.home(value), value.name()));
    }
    for (Value value : plan.keptShadows()) {
      ClassDesc type = types.isValue(value.type()) ? Types.SHADOW : types.shadow(value.type());
      shadows.put(value, new Kept(type, plan.home(value), Kept.shadowName(value)));
    }
    for (Block block : body.blocks()) {
      Loop loop = plan.loops.innermost(block);
      for (Op op : block.ops()) {
        if (op instanceof Op.StoreElement store && plan.restored().restoredBy(store) != null) {
          Kept kept = new Kept(store.value().type(), loop, "overwritten");
          overwritten.put(store, kept);
          allOverwritten.add(kept);
        }
      }
      boolean isReversedHeader = loop != null && loop.header() == block && plan.isReversed(loop);
      if (plan.reverseSuccessors(block).size() > 1 && !isReversedHeader) {
        paths.put(block, new Kept(CD_int, loop, "path"));
      }
      for (Loop left : plan.loopsLeft(block)) {
        if (plan.isReversed(left) && left.parent() != null && !plan.knowsCount(left)) {
          trips
              .computeIfAbsent(block, _ -> new LinkedHashMap<>())
              .put(left, new Kept(CD_int, loop, "count"));
        }
      }
    }
    for (Loop loop : plan.loops.all()) {
      boolean isCounted = loop.parent() == null && !plan.knowsCount(loop);
      if (plan.isReversed(loop) && (isCounted || !keptIn(loop).isEmpty())) {
        positions.put(loop, new Variable(CD_int, "iteration"));
      }
    }
  }

  /**
   * What is active in a function and what is kept: all but the two halves themselves.
   *
   * @param isUndisturbed whether nothing writes to arrays between the two
   */
  static Adjoint of(
      Function function,
      Body canonical,
      boolean[] active,
      boolean resultActive,
      Statics statics,
      boolean isUndisturbed,
      Types types) {
    return new Adjoint(function, canonical, active, resultActive, statics, isUndisturbed, types);
  }

  /** The code of a function in the form that is differentiated. */
  static Body canonical(Function function) {
    return Canonical.of(Preparation.prepared(function));
  }

  /** The forward and the reverse function of a function. */
  static Bodies split(
      Function function,
      boolean[] active,
      boolean resultActive,
      Statics statics,
      boolean isUndisturbed,
      Types types) {
    if (Constructors.isReplayed(function)) {
      Repeatable.check(function);
    }
    try {
      Body canonical = canonical(function);
      return of(function, canonical, active, resultActive, statics, isUndisturbed, types).split();
    } catch (GradientException e) {
      throw Preparation.withCalls(e, function, active, statics, types);
    }
  }

  Bodies split() {
    Body forward = new ForwardSweep(this).build();
    Body reverse = new ReverseSweep(this).build();
    return new Bodies(Simplify.simplify(Marks.erase(forward)), Simplify.simplify(reverse));
  }

  /**
   * The variables that go from one half to the other, in the order in which they are pushed; those
   * of shadows go besides.
   */
  List<Variable> crossing() {
    List<Variable> crossing = new ArrayList<>();
    values.values().forEach(kept -> crossing.add(kept.variable()));
    allOverwritten.forEach(kept -> crossing.add(kept.variable()));
    paths.values().forEach(kept -> crossing.add(kept.variable()));
    trips.values().forEach(byLoop -> byLoop.values().forEach(k -> crossing.add(k.variable())));
    crossing.addAll(positions.values());
    return crossing;
  }

  /** The variables of shadows that go from one half to the other. */
  List<Variable> crossingShadows() {
    List<Variable> crossing = new ArrayList<>();
    shadows.values().forEach(kept -> crossing.add(kept.variable()));
    return crossing;
  }

  /** What is kept in each iteration of a loop. */
  List<Kept> keptIn(Loop loop) {
    List<Kept> all = new ArrayList<>(values.values());
    all.addAll(shadows.values());
    all.addAll(allOverwritten);
    all.addAll(paths.values());
    trips.values().forEach(byLoop -> all.addAll(byLoop.values()));
    all.removeIf(kept -> kept.home() != loop);
    return all;
  }

  /** Where what a store overwrites is kept, or null when it is not. */
  @Nullable Kept overwritten(Op store) {
    return overwritten.get(store);
  }

  /** Whether a parameter is active and has an adjoint rather than a shadow. */
  boolean isActiveValue(Value value) {
    return activity.isActive(value) && types.isValue(value.type());
  }

  boolean isActiveReference(Value value) {
    return activity.isActive(value) && types.isShadowed(value.type());
  }
}

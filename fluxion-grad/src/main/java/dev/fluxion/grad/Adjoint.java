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
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Whether the cotangent of the result is one. */
  final boolean isLoss;

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

  private final Set<Kept> local = new HashSet<>();

  /** Adjoints to which independent loops add in the forward half, of values from outside. */
  final Map<Value, Variable> early = new LinkedHashMap<>();

  /** Of loops that keep something, or of which nothing else tells how often they run. */
  final Map<Loop, Variable> positions = new LinkedHashMap<>();

  private Adjoint(
      Function function,
      Body canonical,
      boolean[] active,
      boolean resultActive,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss,
      Types types) {
    this.function = function;
    this.isLoss = isLoss;
    this.active = active;
    this.resultActive = resultActive;
    this.statics = statics;
    this.types = types;
    Summaries summaries = Summaries.of(statics);
    Activity whole = Activity.of(canonical, active, types, summaries);
    Body reached = whole.reached();
    Body again = reached == canonical ? canonical : Canonical.of(reached);
    this.given = again == canonical ? whole : Activity.of(again, active, types, summaries);
    this.body = Preaccumulation.apply(again, given, types);
    this.activity = body == again ? given : Activity.of(body, active, types, summaries);
    this.plan = plan(isUndisturbed);
    for (IndependentLoop loop : plan.independent()) {
      loop.inputs().forEach(value -> early.computeIfAbsent(value, Adjoint::adjointOf));
    }
    for (Value value : plan.kept()) {
      values.put(value, kept(value.type(), plan.home(value), value.name()));
    }
    for (Value value : plan.keptShadows()) {
      ClassDesc type = types.isValue(value.type()) ? Types.SHADOW : types.shadow(value.type());
      shadows.put(value, kept(type, plan.home(value), Kept.shadowName(value)));
    }
    for (Block block : body.blocks()) {
      Loop loop = plan.loops.innermost(block);
      for (Op op : block.ops()) {
        if (op instanceof Op.StoreElement store && plan.restored().restoredBy(store) != null) {
          Kept kept = kept(store.value().type(), loop, "overwritten");
          overwritten.put(store, kept);
          allOverwritten.add(kept);
        }
      }
      boolean isReversedHeader = loop != null && loop.header() == block && plan.isReversed(loop);
      if (plan.reverseSuccessors(block).size() > 1 && !isReversedHeader) {
        paths.put(block, kept(CD_int, loop, "path"));
      }
      for (Loop left : plan.loopsLeft(block)) {
        if (plan.isReversed(left) && left.parent() != null && !plan.knowsCount(left)) {
          trips
              .computeIfAbsent(block, _ -> new LinkedHashMap<>())
              .put(left, kept(CD_int, loop, "count"));
        }
      }
    }
    for (Loop loop : plan.loops.all()) {
      boolean isCounted = loop.parent() == null && !plan.knowsCount(loop);
      boolean isRepeated = plan.isReversed(loop) && !plan.isIndependent(loop);
      if (isRepeated && (isCounted || !keptIn(loop).isEmpty())) {
        positions.put(loop, new Variable(CD_int, "iteration"));
      }
    }
  }

  private Plan plan(boolean isUndisturbed) {
    Plan plan = new Plan(body, activity, statics.isRepeated(), isUndisturbed, Set.of(), types);
    if (!isLoss || !resultActive || !statics.isEmpty() || statics.isRepeated()) {
      return plan;
    }
    Set<Block> early = new HashSet<>();
    if (!plan.keeping().isEmpty()) {
      IndependentLoop.find(plan).forEach(independent -> early.add(independent.loop().header()));
      early.retainAll(plan.keeping());
    }
    return early.isEmpty()
        ? plan
        : new Plan(body, activity, statics.isRepeated(), isUndisturbed, early, types);
  }

  /** Something to keep; in an independent loop, for the time of an iteration. */
  private Kept kept(ClassDesc type, @Nullable Loop home, @Nullable String name) {
    if (home == null || plan.independent(home.header()) == null) {
      return new Kept(type, home, name);
    }
    Kept kept = new Kept(type, plan.isIndependent(home) ? null : home, name);
    local.add(kept);
    return kept;
  }

  private static Variable adjointOf(Value value) {
    return new Variable(
        Types.adjoint(value.type()), value.name() == null ? null : "d(" + value.name() + ")");
  }

  /**
   * What is active in a function and what is kept: all but the two halves themselves.
   *
   * @param isUndisturbed whether nothing writes to arrays between the two
   * @param isLoss whether the cotangent of the result is one
   */
  static Adjoint of(
      Function function,
      Body canonical,
      boolean[] active,
      boolean resultActive,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss,
      Types types) {
    return new Adjoint(
        function, canonical, active, resultActive, statics, isUndisturbed, isLoss, types);
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
      boolean isLoss,
      Types types) {
    if (Constructors.isReplayed(function)) {
      Repeatable.check(function);
    }
    try {
      Body canonical = canonical(function);
      return of(function, canonical, active, resultActive, statics, isUndisturbed, isLoss, types)
          .split();
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
    List<Kept> all = new ArrayList<>(values.values());
    all.addAll(allOverwritten);
    all.addAll(paths.values());
    trips.values().forEach(byLoop -> all.addAll(byLoop.values()));
    List<Variable> crossing = crossing(all);
    positions.forEach(
        (loop, variable) -> {
          if (plan.independent(loop.header()) == null) {
            crossing.add(variable);
          }
        });
    crossing.addAll(early.values());
    return crossing;
  }

  /** The variables of shadows that go from one half to the other. */
  List<Variable> crossingShadows() {
    return crossing(shadows.values());
  }

  private List<Variable> crossing(Collection<Kept> all) {
    List<Variable> crossing = new ArrayList<>();
    for (Kept kept : all) {
      if (!local.contains(kept)) {
        crossing.add(kept.variable());
      }
    }
    return crossing;
  }

  /**
   * Whether the cotangent of a value is one, as that of the result; not where an exception may be
   * caught, after which other results count.
   */
  boolean isOne(Value value) {
    KnownCotangent cotangent = KnownCotangent.of(value, plan.block(value), plan.uses(), plan);
    return cotangent != null
        && cotangent.isOne()
        && body.blocks().stream().allMatch(block -> block.handlers().isEmpty());
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

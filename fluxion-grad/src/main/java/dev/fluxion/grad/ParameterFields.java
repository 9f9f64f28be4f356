package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Loads final fields of parameters once, before anything else: in a loop, the shadow of what they
 * refer to would be looked for in each iteration.
 *
 * <p>The loads in loops stay, for the exception that they throw where the parameter is null; what
 * they load is no longer used.
 */
final class ParameterFields {
  private final Rewriter rewriter;
  private final Map<Value, Value> replacements = new HashMap<>();

  private ParameterFields(Body body) {
    this.rewriter = new Rewriter(body);
  }

  /**
   * The body with such loads moved to its beginning.
   *
   * @param isFinal tells of instance fields that they are final
   */
  static Body hoist(Body body, Predicate<FieldRef> isFinal) {
    Dominators dominators = Dominators.of(body);
    Loops loops = Loops.of(body, dominators);
    if (loops.all().isEmpty() || !dominators.predecessors(body.entry()).isEmpty()) {
      return body;
    }
    Set<Value> parameters = new HashSet<>(body.parameters());
    Set<FieldRef> stored = new HashSet<>();
    Map<Value, Map<FieldRef, List<Op.LoadField>>> found = new LinkedHashMap<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.StoreField store) {
          stored.add(store.field());
        }
        if (op instanceof Op.LoadField load
            && load.receiver() != null
            && parameters.contains(load.receiver())
            && loops.innermost(block) != null
            && isFinal.test(load.field())) {
          found
              .computeIfAbsent(load.receiver(), _ -> new LinkedHashMap<>())
              .computeIfAbsent(load.field(), _ -> new ArrayList<>())
              .add(load);
        }
      }
    }
    found.values().forEach(fields -> fields.keySet().removeAll(stored));
    found.values().removeIf(Map::isEmpty);
    if (found.isEmpty()) {
      return body;
    }
    ParameterFields pass = new ParameterFields(body);
    pass.load(found);
    pass.rewriter.replace(pass.replacements);
    return pass.rewriter.build();
  }

  private void load(Map<Value, Map<FieldRef, List<Op.LoadField>>> found) {
    Block at = rewriter.entry();
    Block rest = rewriter.newBlock();
    rewriter.ops(rest).addAll(rewriter.ops(at));
    rewriter.ops(at).clear();
    rewriter.handlers(rest).addAll(rewriter.handlers(at));
    rewriter.handlers(at).clear();
    rewriter.end(rest, at.terminator());
    for (Map.Entry<Value, Map<FieldRef, List<Op.LoadField>>> entry : found.entrySet()) {
      at = loadUnlessNull(at, entry.getKey(), entry.getValue());
    }
    rewriter.end(at, new Terminator.Branch(Successor.to(rest), Location.NONE));
  }

  /** p == null ? zeros : p's fields, as the parameters of the block returned. */
  private Block loadUnlessNull(
      Block at, Value parameter, Map<FieldRef, List<Op.LoadField>> fields) {
    Block load = rewriter.newBlock();
    Block join = rewriter.newBlock();
    List<Value> zeros = new ArrayList<>();
    List<Value> loaded = new ArrayList<>();
    fields.forEach(
        (field, loads) -> {
          Op.LoadField first = loads.get(0);
          Value zero = new Value(field.type());
          Object none = SsaBuilder.zero(field.type());
          rewriter.ops(at).add(new Op.Constant(zero, none, Location.NONE));
          zeros.add(zero);
          Value value = first.result().copy();
          rewriter.ops(load).add(first.with(value, List.of(parameter)));
          loaded.add(value);
          Value known = first.result().copy();
          rewriter.parameters(join).add(known);
          loads.forEach(one -> replacements.put(one.result(), known));
        });
    Value none = new Value(parameter.type());
    Value isNull = new Value(CD_boolean);
    rewriter.ops(at).add(new Op.Constant(none, null, Location.NONE));
    rewriter.ops(at).add(new Op.Compare(isNull, Comparison.EQ, parameter, none, Location.NONE));
    rewriter.end(load, new Terminator.Branch(new Successor(join, loaded), Location.NONE));
    rewriter.end(
        at,
        new Terminator.ConditionalBranch(
            isNull, new Successor(join, zeros), Successor.to(load), Location.NONE));
    return join;
  }
}

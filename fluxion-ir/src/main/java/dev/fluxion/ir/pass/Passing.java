package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Frame.Place;
import dev.fluxion.ir.pass.Partition.Piece;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How each piece has the values that another defines: as parameters, in the frame, or, if they are
 * constants, anew.
 */
final class Passing {
  /** A method of the JVM takes 255; each is copied at each call, so fewer is better. */
  private static final int MAX_SLOTS = 64;

  private final Partition partition;
  private final Map<Value, Block> homes = new HashMap<>();
  private final Map<Value, Op.Constant> constants = new HashMap<>();

  final Map<Piece, Set<Value>> parameters = new LinkedHashMap<>();
  final Map<Piece, Set<Op.Constant>> repeated = new LinkedHashMap<>();
  final Map<Value, Place> places = new LinkedHashMap<>();

  Passing(Partition partition, Frame frame) {
    this.partition = partition;
    for (Piece piece : partition.pieces) {
      parameters.put(piece, new LinkedHashSet<>());
      repeated.put(piece, new LinkedHashSet<>());
    }
    for (Block block : partition.body.blocks()) {
      block.parameters().forEach(value -> homes.put(value, block));
      for (Op op : block.ops()) {
        if (op.result() != null) {
          homes.put(op.result(), block);
        }
        if (op instanceof Op.Constant constant) {
          constants.put(op.result(), constant);
        }
      }
    }
    Set<Value> framed = new LinkedHashSet<>();
    for (Block block : partition.body.blocks()) {
      for (Value value : block.reads()) {
        pass(value, block, framed);
      }
    }
    limit(framed);
    framed.forEach(value -> places.put(value, frame.place(value.type())));
  }

  /** Whether a piece has a value from the frame. */
  boolean isLoaded(Value value, Piece by) {
    return places.containsKey(value) && partition.pieceOf.get(homes.get(value)) != by;
  }

  private void pass(Value value, Block user, Set<Value> framed) {
    Block home = homes.get(value);
    Piece from = partition.pieceOf.get(home);
    Piece to = partition.pieceOf.get(user);
    if (from == to || framed.contains(value)) {
      return;
    }
    Op.Constant constant = constants.get(value);
    if (constant != null) {
      repeated.get(to).add(constant);
      return;
    }
    if (!to.isCalledBy(from)) {
      framed.add(value);
      return;
    }
    for (Piece at = to; at != from && at != null; at = at.caller) {
      if (!parameters.get(at).add(value)) {
        break;
      }
      if (at.caller == from && !partition.dominators.dominates(home, at.head)) {
        framed.add(value);
      }
    }
  }

  /** Where a piece would have too many parameters, those that most pieces have are not passed. */
  private void limit(Set<Value> framed) {
    parameters.values().forEach(values -> values.removeAll(framed));
    Map<Value, Integer> times = new HashMap<>();
    parameters.values().forEach(all -> all.forEach(value -> times.merge(value, 1, Integer::sum)));
    for (Set<Value> values : parameters.values()) {
      values.removeAll(framed);
      int slots = slots(values);
      if (slots <= MAX_SLOTS) {
        continue;
      }
      List<Value> widest = new ArrayList<>(values);
      widest.sort(Comparator.comparingInt(value -> -times.get(value)));
      for (Value value : widest) {
        if (slots > MAX_SLOTS) {
          slots -= value.kind().slots();
          framed.add(value);
        }
      }
    }
    parameters.values().forEach(values -> values.removeAll(framed));
  }

  static int slots(Iterable<Value> values) {
    int slots = 0;
    for (Value value : values) {
      slots += value.kind().slots();
    }
    return slots;
  }

  /** Whether the parameters of a block are few enough to be those of a function. */
  static boolean isPassed(Block head) {
    return slots(head.parameters()) <= 2 * MAX_SLOTS;
  }

  /** The values from the frame that the handlers of a block are given. */
  static boolean handlersRead(Block block, Value value) {
    return block.handlers().stream()
        .map(Block.Handler::target)
        .map(Successor::arguments)
        .anyMatch(arguments -> arguments.contains(value));
  }
}

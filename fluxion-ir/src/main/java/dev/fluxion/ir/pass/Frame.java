package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The memory that the pieces of one call share: an array for each kind of value, made on entry.
 *
 * <p>Arrays, and not fields of an object, since then pieces are ordinary bodies, which can be
 * interpreted and emitted like others; their indices are constants, so that no more than one check
 * of bounds remains for an array and a piece.
 */
final class Frame {
  private final Map<Kind, Value> arrays = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> lengths = new EnumMap<>(Kind.class);

  /**
   * A place in the frame.
   *
   * @param type the type of what is kept there
   * @param index in the array of its kind
   */
  record Place(ClassDesc type, int index) {}

  /** A new place. */
  Place place(ClassDesc type) {
    Kind kind = Kind.of(type);
    arrays.computeIfAbsent(kind, _ -> new Value(element(kind).arrayType()));
    return new Place(type, lengths.merge(kind, 1, Integer::sum) - 1);
  }

  /** Places for values of these types. */
  List<Place> places(List<Value> values) {
    List<Place> places = new ArrayList<>();
    values.forEach(value -> places.add(place(value.type())));
    return places;
  }

  /** The arrays, which are parameters of every piece. */
  List<Value> arrays() {
    return List.copyOf(arrays.values());
  }

  /** Makes the arrays. */
  void make(BlockBuilder block) {
    arrays.forEach(
        (kind, array) ->
            block.add(
                new Op.NewArray(
                    array, List.of(block.constant(lengths.get(kind))), block.location())));
  }

  void store(BlockBuilder block, Place place, Value value) {
    block.storeElement(arrays.get(Kind.of(place.type)), block.constant(place.index), value);
  }

  void store(BlockBuilder block, List<Place> places, List<Value> values) {
    for (int i = 0; i < places.size(); i++) {
      store(block, places.get(i), values.get(i));
    }
  }

  Value load(BlockBuilder block, Place place) {
    Kind kind = Kind.of(place.type);
    Value value = block.loadElement(arrays.get(kind), block.constant(place.index));
    return kind == Kind.REFERENCE && !place.type.equals(CD_Object)
        ? block.cast(value, place.type)
        : value;
  }

  List<Value> load(BlockBuilder block, List<Place> places) {
    List<Value> values = new ArrayList<>();
    places.forEach(place -> values.add(load(block, place)));
    return values;
  }

  private static ClassDesc element(Kind kind) {
    return switch (kind) {
      case INT -> CD_int;
      case LONG -> CD_long;
      case FLOAT -> CD_float;
      case DOUBLE -> CD_double;
      default -> CD_Object;
    };
  }
}

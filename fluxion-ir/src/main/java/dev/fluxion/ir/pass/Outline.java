package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.pass.Partition.Piece;
import dev.fluxion.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Makes several functions of a long body: it calls the first piece of itself, which may call
 * others.
 *
 * <p>HotSpot compiles no method of more than 8000 bytes, and a class file has none of more than
 * 65535. A piece is entered at one block. What it reads are parameters, or, where they would be
 * many or come from a piece that has returned, elements of arrays that all pieces of a call share.
 * A piece that is left for several places returns which.
 *
 * @param body what is left of the body
 * @param pieces what it and they call, their bodies made
 */
public record Outline(Body body, List<Function> pieces) {
  /**
   * A body in pieces.
   *
   * @param host the class whose private members the code uses
   * @param size about how long the code of an operation is
   * @param limit how long the code of a piece should be at most
   */
  public static Outline apply(Body body, Class<?> host, ToIntFunction<Op> size, int limit) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.New created && created.constructor().isAllocation()) {
          return new Outline(body, List.of()); // not to be passed before its constructor has run
        }
      }
    }
    Body divided = Divide.apply(body, size, limit / 8);
    Partition partition = Partition.of(divided, size, limit);
    if (partition == null) {
      return new Outline(body, List.of());
    }
    Pieces pieces = new Pieces(partition, host);
    Body first = pieces.body(partition.pieces.getFirst());
    assert Verifier.isValid(first);
    List<Function> functions = new ArrayList<>();
    for (Piece piece : partition.pieces.subList(1, partition.pieces.size())) {
      functions.add(pieces.function(piece));
    }
    assert functions.stream().allMatch(function -> Verifier.isValid(function.body()));
    return new Outline(first, functions);
  }
}

package dev.fluxion.ir;

import java.util.List;

/**
 * An edge to a block, with the values that its parameters take.
 *
 * @param block the block that follows
 * @param arguments one for each parameter of the block
 */
public record Successor(Block block, List<Value> arguments) {
  /** An edge to a block. */
  public static Successor to(Block block, Value... arguments) {
    return new Successor(block, List.of(arguments));
  }
}

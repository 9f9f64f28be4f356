package dev.fluxion.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of operations without a branch inside: parameters, operations, a {@link Terminator}.
 *
 * <p>Parameters take the place of phi functions: each edge to the block passes its arguments. A
 * block is compared by identity and does not change once its {@link Body} is built.
 */
public final class Block {
  private final List<Value> parameters = new ArrayList<>();
  private final List<Op> ops = new ArrayList<>();
  private final List<Handler> handlers = new ArrayList<>();
  private final List<Value> parametersView = Collections.unmodifiableList(parameters);
  private final List<Op> opsView = Collections.unmodifiableList(ops);
  private final List<Handler> handlersView = Collections.unmodifiableList(handlers);
  private @Nullable Terminator terminator;

  Block() {}

  /**
   * Where an exception thrown in a block goes.
   *
   * @param type the exceptions that are caught, or null for all
   * @param target the handler; its first parameter is the exception, the others take the
   *     successor's arguments, which are defined before the block that is handled
   */
  public record Handler(java.lang.constant.@Nullable ClassDesc type, Successor target) {}

  /** The parameters, in order. */
  public List<Value> parameters() {
    return parametersView;
  }

  /** The operations, in order, without the terminator. */
  public List<Op> ops() {
    return opsView;
  }

  /** The handlers of exceptions thrown in this block, in the order in which they are tried. */
  public List<Handler> handlers() {
    return handlersView;
  }

  /** What ends the block. */
  public Terminator terminator() {
    if (terminator == null) {
      throw new IllegalStateException("the block is not finished");
    }
    return terminator;
  }

  /** The edges to other blocks, without those to handlers. */
  public List<Successor> successors() {
    return terminator().successors();
  }

  /** The blocks that edges lead to, without handlers. */
  List<Block> next() {
    List<Block> next = new ArrayList<>();
    for (Successor successor : successors()) {
      next.add(successor.block());
    }
    return next;
  }

  /** The values that the block reads, those that its edges pass included. */
  public List<Value> reads() {
    List<Value> reads = new ArrayList<>();
    ops.forEach(op -> reads.addAll(op.operands()));
    reads.addAll(terminator().operands());
    successors().forEach(successor -> reads.addAll(successor.arguments()));
    handlers.forEach(handler -> reads.addAll(handler.target().arguments()));
    return reads;
  }

  boolean isFinished() {
    return terminator != null;
  }

  List<Value> mutableParameters() {
    return parameters;
  }

  List<Op> mutableOps() {
    return ops;
  }

  List<Handler> mutableHandlers() {
    return handlers;
  }

  void finish(Terminator end) {
    this.terminator = end;
  }
}

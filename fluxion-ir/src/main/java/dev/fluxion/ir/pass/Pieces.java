package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Frame.Place;
import dev.fluxion.ir.pass.Partition.Piece;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the pieces of a body as functions that call each other. */
final class Pieces {
  private final Partition partition;
  private final Body source;
  private final Frame frame = new Frame();
  private final Passing passing;
  private final Map<Piece, Function> functions = new LinkedHashMap<>();

  /** Where the parameters of a block go when it is entered from another piece. */
  private final Map<Block, List<Place>> arrivals = new LinkedHashMap<>();

  /** The types of exceptions for which a handler is entered; with null for all. */
  private final Map<Block, Set<@Nullable ClassDesc>> caught = new LinkedHashMap<>();

  private @Nullable Place result;

  /** What a piece returns. */
  private enum Shape {
    /** Nothing, for it never returns or always goes on at the same block, with nothing to tell. */
    NOTHING,
    /** What the method returns. */
    RESULT,
    /** The only argument for the only block where control goes on. */
    ARGUMENT,
    /** The number of the place where control goes on; its arguments are in the frame. */
    PLACE
  }

  Pieces(Partition partition, Class<?> host) {
    this.partition = partition;
    this.source = partition.body;
    this.passing = new Passing(partition, frame);
    for (Block block : source.blocks()) {
      for (Block.Handler handler : block.handlers()) {
        caught
            .computeIfAbsent(handler.target().block(), _ -> new LinkedHashSet<>())
            .add(handler.type());
      }
    }
    for (Piece piece : partition.pieces) {
      if (piece != first() && !Passing.isPassed(piece.head)) {
        arrivals.computeIfAbsent(piece.head, head -> frame.places(head.parameters()));
      }
      if (shape(piece) == Shape.PLACE || shape(piece) == Shape.NOTHING) {
        for (Block exit : piece.exits) {
          if (exit != null) {
            arrivals.computeIfAbsent(exit, block -> frame.places(block.parameters()));
          } else if (result == null && !source.type().returnType().equals(CD_void)) {
            result = frame.place(source.type().returnType());
          }
        }
      }
    }
    for (Piece piece : partition.pieces) {
      if (piece != first()) {
        functions.put(piece, new Function(source.name(), type(piece), host, () -> body(piece)));
      }
    }
  }

  Function function(Piece piece) {
    return functions.get(piece);
  }

  private Piece first() {
    return partition.pieces.getFirst();
  }

  private Shape shape(Piece piece) {
    if (piece.exits.size() > 1) {
      return Shape.PLACE;
    }
    if (piece.exits.isEmpty()) {
      return Shape.NOTHING;
    }
    Block only = piece.exits.iterator().next();
    if (only == null) {
      return Shape.RESULT;
    }
    return switch (only.parameters().size()) {
      case 0 -> Shape.NOTHING;
      case 1 -> Shape.ARGUMENT;
      default -> Shape.PLACE;
    };
  }

  private MethodTypeDesc type(Piece piece) {
    List<ClassDesc> parameters = new ArrayList<>();
    passing.parameters.get(piece).forEach(value -> parameters.add(value.type()));
    if (Passing.isPassed(piece.head)) {
      piece.head.parameters().forEach(value -> parameters.add(value.type()));
    }
    frame.arrays().forEach(array -> parameters.add(array.type()));
    ClassDesc returned =
        switch (shape(piece)) {
          case NOTHING -> CD_void;
          case RESULT -> source.type().returnType();
          case ARGUMENT -> piece.exits.iterator().next().parameters().getFirst().type();
          case PLACE -> CD_int;
        };
    return MethodTypeDesc.of(returned, parameters);
  }

  /** The code of a piece. */
  Body body(Piece piece) {
    return new Writer(piece).write();
  }

  private final class Writer {
    private final Piece piece;
    private final MethodTypeDesc type;
    private final Body.Builder builder;
    private final Map<Block, BlockBuilder> copies = new HashMap<>();
    private final Map<Block, BlockBuilder> leaving = new HashMap<>();
    private @Nullable BlockBuilder returning;

    Writer(Piece piece) {
      this.piece = piece;
      List<Value> parameters = new ArrayList<>();
      if (piece == first()) {
        parameters.addAll(source.parameters());
      } else {
        parameters.addAll(passing.parameters.get(piece));
        if (Passing.isPassed(piece.head)) {
          piece.head.parameters().forEach(value -> parameters.add(new Value(value.type())));
        }
        parameters.addAll(frame.arrays());
      }
      this.type = piece == first() ? source.type() : type(piece);
      this.builder = new Body.Builder(source.name(), type, parameters);
    }

    Body write() {
      BlockBuilder entry = builder.entry();
      if (piece == first()) {
        frame.make(entry);
        copies.put(piece.head, entry);
      }
      passing.repeated.get(piece).forEach(entry::add);
      for (Block block : source.blocks()) {
        if (block != source.entry() && partition.has(piece, block)) {
          BlockBuilder copy = builder.block();
          block.parameters().forEach(copy::adopt);
          copies.put(block, copy);
        }
      }
      if (piece != first()) {
        entry.end(branch(new Successor(copies.get(piece.head).block(), passedToHead(entry))));
      }
      for (Block block : source.blocks()) {
        if (partition.calls(piece, block)) {
          call(partition.byHead.get(block), copies.get(block));
        }
      }
      for (Block block : piece.blocks) {
        write(block, copies.get(block));
      }
      return builder.build();
    }

    private List<Value> passedToHead(BlockBuilder entry) {
      if (!Passing.isPassed(piece.head)) {
        return frame.load(entry, arrivals.get(piece.head));
      }
      int from = passing.parameters.get(piece).size();
      List<Value> parameters = entry.block().parameters();
      return List.copyOf(parameters.subList(from, from + piece.head.parameters().size()));
    }

    private Terminator branch(Successor target) {
      return new Terminator.Branch(target, Location.NONE);
    }

    private void write(Block block, BlockBuilder start) {
      BlockBuilder at = start;
      Map<Value, Value> loaded = new HashMap<>();
      for (Value parameter : block.parameters()) {
        store(parameter, at);
      }
      for (Value value : block.reads()) {
        if (passing.isLoaded(value, piece) && !loaded.containsKey(value)) {
          loaded.put(value, frame.load(at, passing.places.get(value)));
        }
      }
      boolean needsStart = // what handlers read is there when the block starts
          !block.handlers().isEmpty()
              && loaded.keySet().stream().anyMatch(value -> Passing.handlersRead(block, value));
      if (needsStart) {
        BlockBuilder next = builder.block();
        at.end(branch(Successor.to(next.block())));
        at = next;
      }
      for (Op op : block.ops()) {
        at.at(op.location());
        at.add(loaded.isEmpty() ? op : op.with(op.result(), mapped(op.operands(), loaded)));
        if (op.result() != null) {
          store(op.result(), at);
        }
      }
      for (Block.Handler handler : block.handlers()) {
        at.handler(new Block.Handler(handler.type(), target(handler.target(), loaded)));
      }
      Terminator end = block.terminator();
      if (end instanceof Terminator.Return returned && piece != first()) {
        Value value = returned.value();
        List<Value> arguments = value == null ? List.of() : mapped(List.of(value), loaded);
        at.end(branch(new Successor(returning().block(), arguments)));
        return;
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : end.successors()) {
        successors.add(target(successor, loaded));
      }
      at.end(end.with(mapped(end.operands(), loaded), successors));
    }

    private void store(Value value, BlockBuilder block) {
      Place place = passing.places.get(value);
      if (place != null) {
        frame.store(block, place, value);
      }
    }

    private static List<Value> mapped(List<Value> values, Map<Value, Value> loaded) {
      return values.stream().map(value -> loaded.getOrDefault(value, value)).toList();
    }

    private Successor target(Successor edge, Map<Value, Value> loaded) {
      return new Successor(entry(edge.block()).block(), mapped(edge.arguments(), loaded));
    }

    /** The block of this piece that stands for another: a copy, a call, or one that leaves. */
    private BlockBuilder entry(Block target) {
      BlockBuilder copy = copies.get(target);
      return copy == null ? leaving.computeIfAbsent(target, this::leave) : copy;
    }

    /** Leaves the piece for a block of a caller, with the arguments for that block. */
    private BlockBuilder leave(Block target) {
      BlockBuilder block = builder.block();
      for (Value parameter : target.parameters()) {
        block.parameter(parameter.type());
      }
      List<Value> arguments = block.block().parameters();
      switch (shape(piece)) {
        case NOTHING -> block.returns(null);
        case ARGUMENT -> block.returns(arguments.getFirst());
        default -> {
          frame.store(block, arrivals.get(target), arguments);
          block.returns(block.constant(number(piece, target)));
        }
      }
      return block;
    }

    /** The block that returns from the method, which may mean through callers. */
    private BlockBuilder returning() {
      BlockBuilder block = returning;
      if (block == null) {
        block = builder.block();
        returning = block;
        ClassDesc type = source.type().returnType();
        Value value = type.equals(CD_void) ? null : block.parameter(type);
        if (piece == first() || shape(piece) == Shape.RESULT) {
          block.returns(value);
        } else {
          if (value != null && result != null) {
            frame.store(block, result, value);
          }
          block.returns(block.constant(number(piece, null)));
        }
      }
      return block;
    }

    /** Calls a piece where its head was, and goes where that says. */
    private void call(Piece callee, BlockBuilder block) {
      List<Value> parameters = block.block().parameters();
      List<Value> arguments = new ArrayList<>(passing.parameters.get(callee));
      if (Passing.isPassed(callee.head)) {
        arguments.addAll(parameters);
      } else {
        frame.store(block, arrivals.get(callee.head), parameters);
      }
      arguments.addAll(frame.arrays());
      Value returned = block.apply(functions.get(callee), arguments);
      List<@Nullable Block> exits = new ArrayList<>(callee.exits);
      switch (shape(callee)) {
        case RESULT -> {
          List<Value> value = returned == null ? List.of() : List.of(returned);
          block.end(branch(new Successor(returning().block(), value)));
        }
        case NOTHING -> {
          if (exits.isEmpty()) {
            end(block);
          } else {
            block.end(branch(arrive(exits.getFirst(), List.of())));
          }
        }
        case ARGUMENT ->
            block.end(branch(arrive(exits.getFirst(), List.of(requireNonNull(returned)))));
        case PLACE -> choose(exits, requireNonNull(returned), block);
      }
    }

    private void choose(List<@Nullable Block> exits, Value number, BlockBuilder block) {
      if (exits.size() == 1) {
        block.end(
            branch(arrive(exits.getFirst(), frame.load(block, arrivals.get(exits.getFirst())))));
        return;
      }
      List<Integer> labels = new ArrayList<>();
      List<Successor> targets = new ArrayList<>();
      for (int i = 0; i < exits.size(); i++) {
        BlockBuilder next = builder.block();
        Block exit = exits.get(i);
        if (exit != null) {
          next.end(branch(arrive(exit, frame.load(next, arrivals.get(exit)))));
        } else {
          List<Value> value = result == null ? List.of() : List.of(frame.load(next, result));
          next.end(branch(new Successor(returning().block(), value)));
        }
        labels.add(i);
        targets.add(Successor.to(next.block()));
      }
      labels.removeLast();
      Successor last = targets.removeLast();
      block.end(
          new Terminator.Switch(
              number, List.copyOf(labels), List.copyOf(targets), last, Location.NONE));
    }

    private int number(Piece left, @Nullable Block exit) {
      return new ArrayList<>(left.exits).indexOf(exit);
    }

    /** The edge to a block for which a piece called here has been left. */
    private Successor arrive(Block target, List<Value> arguments) {
      Set<@Nullable ClassDesc> types = caught.get(target);
      if (types == null) {
        return new Successor(entry(target).block(), arguments);
      }
      if (!copies.containsKey(target)) { // what passes an exception on does not catch it
        return new Successor(leave(target).block(), arguments);
      }
      BlockBuilder block = builder.block(); // a handler is entered by an exception only
      for (Value argument : arguments) {
        block.parameter(argument.type());
      }
      List<Value> parameters = block.block().parameters();
      Successor handler =
          new Successor(
              copies.get(target).block(), List.copyOf(parameters.subList(1, parameters.size())));
      for (ClassDesc type : types) {
        block.handler(new Block.Handler(type, handler));
      }
      block.end(new Terminator.Throw(parameters.getFirst(), Location.NONE));
      return new Successor(block.block(), arguments);
    }

    /** Ends code that is not reached. */
    private void end(BlockBuilder block) {
      ClassDesc returned = type.returnType();
      block.returns(
          returned.equals(CD_void)
              ? null
              : block.constant(Kind.computational(returned), SsaBuilder.zero(returned)));
    }
  }
}

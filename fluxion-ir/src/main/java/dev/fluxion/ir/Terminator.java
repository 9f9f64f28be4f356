package dev.fluxion.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a block: where control goes next, with which arguments. */
public sealed interface Terminator {
  /** The values that it reads itself, not those that it passes on. */
  List<Value> operands();

  /** The edges to the blocks that may follow. */
  List<Successor> successors();

  /** Where it comes from. */
  Location location();

  /** The same with other operands and successors, as many as before. */
  Terminator with(List<Value> operands, List<Successor> successors);

  /** Goes to one block. */
  record Branch(Successor target, Location location) implements Terminator {
    @Override
    public List<Value> operands() {
      return List.of();
    }

    @Override
    public List<Successor> successors() {
      return List.of(target);
    }

    @Override
    public Terminator with(List<Value> operands, List<Successor> successors) {
      return new Branch(successors.get(0), location);
    }
  }

  /** Goes to one of two blocks, the first when the condition, an int or boolean, is not zero. */
  record ConditionalBranch(Value condition, Successor ifTrue, Successor ifFalse, Location location)
      implements Terminator {
    @Override
    public List<Value> operands() {
      return List.of(condition);
    }

    @Override
    public List<Successor> successors() {
      return List.of(ifTrue, ifFalse);
    }

    @Override
    public Terminator with(List<Value> operands, List<Successor> successors) {
      return new ConditionalBranch(operands.get(0), successors.get(0), successors.get(1), location);
    }
  }

  /** Goes to the block whose label equals an int, else to the default. */
  record Switch(
      Value key,
      List<Integer> labels,
      List<Successor> targets,
      Successor otherwise,
      Location location)
      implements Terminator {
    @Override
    public List<Value> operands() {
      return List.of(key);
    }

    /** The targets in the order of their labels, then the default. */
    @Override
    public List<Successor> successors() {
      List<Successor> all = new ArrayList<>(targets);
      all.add(otherwise);
      return all;
    }

    @Override
    public Terminator with(List<Value> operands, List<Successor> successors) {
      int last = successors.size() - 1;
      return new Switch(
          operands.get(0),
          labels,
          List.copyOf(successors.subList(0, last)),
          successors.get(last),
          location);
    }
  }

  /** Ends the method, with a value unless it is void. */
  record Return(@Nullable Value value, Location location) implements Terminator {
    @Override
    public List<Value> operands() {
      return value == null ? List.of() : List.of(value);
    }

    @Override
    public List<Successor> successors() {
      return List.of();
    }

    @Override
    public Terminator with(List<Value> operands, List<Successor> successors) {
      return new Return(value == null ? null : operands.get(0), location);
    }
  }

  /** Throws an exception. */
  record Throw(Value exception, Location location) implements Terminator {
    @Override
    public List<Value> operands() {
      return List.of(exception);
    }

    @Override
    public List<Successor> successors() {
      return List.of();
    }

    @Override
    public Terminator with(List<Value> operands, List<Successor> successors) {
      return new Throw(operands.get(0), location);
    }
  }
}

package dev.fluxion.ir.structure;

import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a method in structured form.
 *
 * <p>A {@link Value} is a variable here: an operation assigns its result, {@link Assignment} what
 * would be parameters of blocks. Control enters a statement at its start only; it leaves at its
 * end, or by a jump to what encloses it. Statements in a list are executed one after another.
 */
public sealed interface Structured {
  /** The name of a statement that a jump leaves or starts again: one number each in a body. */
  record Label(int number) {
    @Override
    public String toString() {
      return "L" + number;
    }
  }

  /** What leaves the place where it stands: nothing follows it in a list. */
  sealed interface Jump extends Structured {}

  /** Operations, in order. */
  record Operations(List<Op> operations) implements Structured {}

  /** Variables get the values of others, all at the same time. */
  record Assignment(List<Value> targets, List<Value> sources) implements Structured {}

  /** Statements that a {@link Break} with their label leaves. */
  record Labelled(Label label, List<Structured> body) implements Structured {}

  /**
   * Statements that start again when they have ended, or at a {@link Continue} with their label; a
   * {@link Break} with it leaves them.
   */
  record Loop(Label label, List<Structured> body) implements Structured {}

  /** The first statements where the condition, an int or boolean, is not zero, else the others. */
  record If(Value condition, List<Structured> then, List<Structured> otherwise, Location location)
      implements Structured {}

  /** The case with the label that the key, an int, equals, else the others; none falls through. */
  record Switch(Value key, List<Case> cases, List<Structured> otherwise, Location location)
      implements Structured {}

  /** Statements of a {@link Switch}, for some values of its key. */
  record Case(List<Integer> labels, List<Structured> body) {}

  /** Statements whose exceptions the first {@link Catch} takes that is for their type. */
  record Try(List<Structured> body, List<Catch> catches) implements Structured {}

  /**
   * What goes on when a {@link Try} has thrown.
   *
   * @param types the exceptions that are caught; none means all
   * @param exception the variable that gets the exception
   */
  record Catch(List<ClassDesc> types, Value exception, List<Structured> body) {}

  /** Leaves the enclosing {@link Labelled} statement or {@link Loop}. */
  record Break(Label label) implements Jump {}

  /** Starts the enclosing {@link Loop} again. */
  record Continue(Label label) implements Jump {}

  /** Ends the method, with a value unless it is void. */
  record Return(@Nullable Value value, Location location) implements Jump {}

  /** Throws an exception. */
  record Throw(Value exception, Location location) implements Jump {}
}

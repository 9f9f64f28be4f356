package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.VectorSpace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What code in forward mode passes along beside its arguments: the way in which a function returns
 * the tangent of its result, and the tangents of objects that were not handed over with one.
 *
 * <p>Code may carry tangents in several directions at once; the first has fields of its own, since
 * it is often the only one. The tangent of a reference is a shadow, as in reverse mode.
 */
public final class Tangents {
  /** The tangent of the number that was returned last, in the first direction. */
  public double number;

  /** The tangent of the vector or reference that was returned last, in the first direction. */
  public @Nullable Object reference;

  /** The tangents of the number that was returned last, in the directions after the first. */
  public final double[] numbers;

  /** The tangents of the reference that was returned last, in the directions after the first. */
  public final @Nullable Object[] references;

  private final @Nullable Direction[] directions;
  private final Thread owner = Thread.currentThread();
  private volatile @Nullable GradientException refusal;
  private @Nullable Object[] cells = new Object[0];

  /** The tangents of objects in one direction. */
  public static final class Direction extends Shadowing {
    private Direction() {}
  }

  private Tangents(int directions) {
    this.numbers = new double[directions - 1];
    this.references = new Object[directions - 1];
    this.directions = new Direction[directions];
  }

  /** For a computation with tangents in so many directions. */
  @Primitive(Tangents.class)
  public static Tangents in(int directions) {
    return new Tangents(directions);
  }

  /** The tangents of objects in a direction. */
  @Primitive(Tangents.class)
  public Direction direction(int index) {
    Direction direction = directions[index];
    if (direction == null) {
      direction = new Direction();
      directions[index] = direction;
    }
    return direction;
  }

  /** Forgets the tangents of all objects but a tape's, whose stacks are empty. */
  public void forget(Tape tape) {
    for (Direction direction : directions) {
      if (direction != null) {
        Object kept = direction.known(tape);
        direction.forget();
        if (kept != null) {
          direction.define(tape, kept);
        }
      }
    }
    Arrays.fill(cells, null);
  }

  /** The tangent of a static field in a direction. */
  public Shadow cell(int index, int direction) {
    int at = index * directions.length + direction;
    if (at >= cells.length) {
      cells = Adjoints.ensure(cells, at + 1);
    }
    Shadow cell = (Shadow) cells[at];
    if (cell == null) {
      cell = new Shadow(1, 1);
      cells[at] = cell;
    }
    return cell;
  }

  /**
   * Refuses what happens on another thread.
   *
   * @param type what is called back, for people
   */
  @Primitive(Tangents.class)
  public void checkOwner(String type) {
    if (Thread.currentThread() != owner) {
      throw new GradientException(
          "cannot differentiate a " + type + " that is called back on another thread");
    }
  }

  /** Remembers what a callback threw because it cannot be differentiated: nobody may catch that. */
  public void refuse(Throwable exception) {
    GradientException said = Adjoints.refusal(exception);
    if (said != null) {
      refusal = said;
    }
  }

  /** Ends a call of code that may have called back. */
  @Primitive(Tangents.class)
  public void leave() {
    GradientException refused = refusal;
    if (refused != null) {
      throw refused;
    }
  }

  /** The zero of a vector; null of null. */
  @Primitive(Tangents.class)
  public static @Nullable Object zero(@Nullable Object primal) {
    return primal == null ? null : ((VectorSpace<?>) primal).zero();
  }

  /** The tangent of a vector, where null stands for zero. */
  public static @Nullable Object vector(@Nullable Object tangent, @Nullable Object primal) {
    return tangent == null ? zero(primal) : tangent;
  }

  /** The number in the shadow of a lone number; zero of null. */
  public static double number(@Nullable Object cell) {
    return cell == null ? 0 : ((Shadow) cell).numbers[0];
  }

  /** The vector in the shadow of a lone vector, zero where there is none. */
  public static @Nullable Object vectorIn(@Nullable Object cell, @Nullable Object primal) {
    return vector(cell == null ? null : ((Shadow) cell).references[0], primal);
  }

  /** The shadow of a lone number. */
  public static Shadow cell(double tangent) {
    Shadow cell = new Shadow(1, 0);
    cell.numbers[0] = tangent;
    return cell;
  }

  /** The shadow of a lone vector. */
  public static Shadow cell(@Nullable Object tangent) {
    Shadow cell = new Shadow(0, 1);
    cell.references[0] = tangent;
    return cell;
  }
}

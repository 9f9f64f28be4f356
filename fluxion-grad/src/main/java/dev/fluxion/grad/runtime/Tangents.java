package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.VectorSpace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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

  private final List<@Nullable Map<Object, Object>> shadows;

  private Tangents(int directions) {
    numbers = new double[directions - 1];
    references = new Object[directions - 1];
    shadows = new ArrayList<>(directions);
    for (int i = 0; i < directions; i++) {
      shadows.add(null);
    }
  }

  /** For a computation with tangents in so many directions. */
  @Primitive(Tangents.class)
  public static Tangents in(int directions) {
    return new Tangents(directions);
  }

  /** The tangent of an object in a direction, zero when there is none yet; null of null. */
  @Primitive(Tangents.class)
  public @Nullable Object shadowOf(@Nullable Object primal, int direction) {
    if (primal == null) {
      return null;
    }
    Object known = map(direction).get(primal);
    if (known == null) {
      known = zero(primal, direction);
      if (known != null) {
        map(direction).put(primal, known);
      }
    }
    return known;
  }

  /** Says what the tangent of an object in a direction is. */
  public void define(Object primal, int direction, Object shadow) {
    map(direction).put(primal, shadow);
  }

  private Map<Object, Object> map(int direction) {
    Map<Object, Object> map = shadows.get(direction);
    if (map == null) {
      map = new IdentityHashMap<>();
      shadows.set(direction, map);
    }
    return map;
  }

  private @Nullable Object zero(Object primal, int direction) {
    return Shadows.zero(primal, row -> shadowOf(row, direction));
  }

  /** The tangent in an object's place in another's, zero when there is none yet. */
  public @Nullable Object shadowAt(
      Shadow holder, int slot, @Nullable Object primal, int direction) {
    return shadowAt(holder.references, slot, primal, direction);
  }

  /** The tangent of an array's element, zero when there is none yet. */
  public @Nullable Object shadowAt(
      @Nullable Object[] holder, int index, @Nullable Object primal, int direction) {
    Object known = holder[index];
    if (known == null && primal != null) {
      known = shadowOf(primal, direction);
      holder[index] = known;
    }
    return known;
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

  /** A partial derivative times a tangent; a tangent of zero wins over an infinite derivative. */
  public static double scaled(double partial, double tangent) {
    return tangent == 0 ? 0 : partial * tangent;
  }
}

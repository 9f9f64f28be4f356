package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/**
 * Objects that never change, as those of records of numbers. Where one is found in a static field
 * it is a constant, wherever it goes: its shadow is zero, and what is added there is of no account.
 */
public final class Constants {
  /** Deeper structures are taken to change. */
  private static final int DEPTH = 8;

  private Constants() {}

  /**
   * Whether all fields that lead to numbers are final, here and in the objects there; so are those
   * that lead to empty arrays.
   */
  public static boolean isUnchanging(Object object) {
    return isUnchanging(object, DEPTH);
  }

  private static boolean isUnchanging(Object object, int depth) {
    Class<?> type = object.getClass();
    if (depth < DEPTH && type.isArray() && Array.getLength(object) == 0) {
      return true;
    }
    if (depth == 0 || type.isArray() || Carriers.isPlatform(type) || Carriers.isValue(type)) {
      return false;
    }
    for (Layout.Slot slot : Layout.of(type).slots()) {
      if (!slot.field().isFinal()) {
        return false;
      }
      Object part = isWhole(slot) ? null : carrier(slot.field(), object);
      if (part != null && !isUnchanging(part, depth - 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the adjoint of a field is a number or a vector, for which null may stand. */
  private static boolean isWhole(Layout.Slot slot) {
    return slot.isNumber() || Carriers.isValue(slot.field().type());
  }

  /** What a field holds, if that may carry derivatives. */
  private static @Nullable Object carrier(DeclaredField field, Object object) {
    try {
      Object part = field.get(object);
      return part == null || !Carriers.mayCarry(part.getClass()) ? null : part;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A shadow of a constant, of its structure. It has nothing to do with another that the object may
   * have where it is an argument.
   */
  @Primitive(Constants.class)
  public static @Nullable Shadow shadowOf(@Nullable Object constant) {
    if (constant == null) {
      return null;
    }
    Layout layout = Layout.of(constant.getClass());
    Shadow shadow = layout.zero();
    shadow.isConstant = true;
    for (Layout.Slot slot : layout.slots()) {
      Object part = isWhole(slot) ? null : carrier(slot.field(), constant);
      if (part != null) {
        shadow.references[slot.index()] =
            part.getClass().isArray() ? Shadows.zero(part, _ -> null) : shadowOf(part);
      }
    }
    return shadow;
  }
}

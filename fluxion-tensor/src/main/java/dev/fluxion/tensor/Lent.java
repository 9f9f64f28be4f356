package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Loans;
import org.jspecify.annotations.Nullable;

/**
 * Elements that hold the memory of others, lent or not: whether what they make of it, and remember,
 * may be given back with them.
 */
abstract class Lent implements Loans.Loan {
  private boolean isOwned;
  private boolean isKept;

  Lent() {
    Loans loans = Loans.current();
    if (loans != null) {
      loans.add(this);
    }
  }

  /** Remembers elements for as long as this is there. */
  final Buffer remembered(Buffer made) {
    made.hold();
    if (isKept || !isOwned) {
      made.keep();
    }
    return made;
  }

  /** Says that these elements are kept, and what they have made. */
  final void keep(@Nullable Buffer made) {
    isKept = true;
    if (made != null) {
      made.keep();
    }
  }

  /** What is computed of others never changes in place. */
  @Override
  public final void hold() {}

  @Override
  public final boolean own() {
    isOwned = true;
    return false; // what it makes is
  }

  @Override
  public final void giveBack() {}

  @Override
  public final boolean isKept() {
    return isKept;
  }
}

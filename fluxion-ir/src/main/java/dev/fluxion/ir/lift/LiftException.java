package dev.fluxion.ir.lift;

import dev.fluxion.ir.Location;

/** Says which method, at which line, cannot be lifted, and why. */
public final class LiftException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Location location;

  /** A method that cannot be lifted, for a reason written for its author. */
  public LiftException(Location location, String reason) {
    super(location + ": " + reason);
    this.location = location;
  }

  /** Where the trouble is. */
  public Location location() {
    return location == null ? Location.NONE : location;
  }
}

package dev.fluxion.ir.structure;

import dev.fluxion.ir.Location;

/** Says which method, at which line, has a cycle with too many entries to be made loops of. */
public final class IrreducibleException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Location location;

  IrreducibleException(Location location, String reason) {
    super(location + ": " + reason);
    this.location = location;
  }

  /** Where one of the entries leads. */
  public Location location() {
    return location == null ? Location.NONE : location;
  }
}

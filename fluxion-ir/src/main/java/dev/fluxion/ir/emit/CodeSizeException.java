package dev.fluxion.ir.emit;

import dev.fluxion.ir.Location;

/** Says that the code made for a method is longer than the code of a Java method can be. */
public final class CodeSizeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CodeSizeException(Location location, IllegalArgumentException cause) {
    super(
        location
            + ": the code made for this method is longer than a method of a class file can be;"
            + " move parts of it, such as the bodies of loops and of try statements, into methods"
            + " of their own",
        cause);
  }
}

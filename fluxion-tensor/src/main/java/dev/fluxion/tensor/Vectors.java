package dev.fluxion.tensor;

import jdk.incubator.vector.FloatVector;

/** Whether the Vector API is there; apart from native math, which takes longer to load. */
final class Vectors {
  static final boolean ARE_THERE = find();

  private Vectors() {}

  private static boolean find() {
    if (System.getProperty("fluxion.vector", "on").equals("off")) {
      return false;
    }
    boolean found = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!found) {
      System.getLogger("dev.fluxion.tensor")
          .log(
              System.Logger.Level.INFO,
              "functions run without vector instructions: start java with"
                  + " --add-modules jdk.incubator.vector to use them");
    }
    return found;
  }

  /** How many bits a vector has, if they are there. */
  static int width() {
    return Width.BITS;
  }

  /** Apart, since it needs the module. */
  private static final class Width {
    static final int BITS = FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}

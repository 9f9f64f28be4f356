package dev.fluxion.ir.emit;

import dev.fluxion.ir.Body;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;

/** Writes bodies as ordinary methods of ordinary classes, which need nothing of Fluxion to run. */
public final class Members {
  private Members() {}

  /**
   * Writes the code of a method.
   *
   * @param body the receiver is the first of its parameters, unless the method is static
   * @param owner the class that the method belongs to
   * @param isConstructor whether the receiver is still to be initialised by a call of {@code
   *     <init>}
   * @param hasFrames whether the class file's version (50 and later) has stack map frames
   * @param code where the code goes, of a class file that is built without frames of its own
   * @throws IllegalArgumentException if the body cannot be written so
   */
  public static void write(
      Body body, ClassDesc owner, boolean isConstructor, boolean hasFrames, CodeBuilder code) {
    Emitter.ofMember(body, owner, isConstructor, hasFrames, code).emit();
  }
}

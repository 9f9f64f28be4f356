/**
 * The round trip: class files whose methods have been lifted and emitted again.
 *
 * <p>{@link dev.fluxion.ir.roundtrip.RoundTrip} works on the bytes of a class file and neither
 * loads nor initialises a class. What it gives needs nothing of Fluxion to run, so the tests of any
 * library can be run on the library's re-emitted form: that they say the same is the proof that
 * lifting and emission keep the meaning of a program.
 *
 * {@snippet :
 * byte[] again = RoundTrip.of(bytes).classFile();
 * }
 */
@NullMarked
package dev.fluxion.ir.roundtrip;

import org.jspecify.annotations.NullMarked;

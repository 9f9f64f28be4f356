/**
 * Transforms from body to body that leave the meaning as it is.
 *
 * <ul>
 *   <li>{@link dev.fluxion.ir.pass.Simplify} folds constants and identities, decides branches, and
 *       straightens the control flow; {@link dev.fluxion.ir.pass.DeadCode} is a part of it.
 *   <li>{@link dev.fluxion.ir.pass.Inline} puts bodies in the place of calls.
 *   <li>{@link dev.fluxion.ir.pass.ScalarReplacement} turns objects that do not escape into the
 *       values of their fields.
 *   <li>{@link dev.fluxion.ir.pass.ValueNumbering} computes nothing twice.
 *   <li>{@link dev.fluxion.ir.pass.LoopInvariants} moves what does not change out of loops.
 *   <li>{@link dev.fluxion.ir.pass.Outline} makes functions of parts of a long body, and {@link
 *       dev.fluxion.ir.pass.Demotion} shortens what leads to the handlers of long statements.
 * </ul>
 *
 * <p>A pass takes a body and gives one, the same one where there was nothing to do. None leaves the
 * language of floating-point numbers: {@code x + 0.0} stays, since it is not {@code x} for {@code
 * -0.0}. Each verifies what it made where assertions are enabled.
 */
@NullMarked
package dev.fluxion.ir.pass;

import org.jspecify.annotations.NullMarked;

/**
 * Methods as nested statements: for languages without jumps.
 *
 * <p>{@link dev.fluxion.ir.structure.Structuring#of} makes a {@link
 * dev.fluxion.ir.structure.StructuredBody} of a body: {@link dev.fluxion.ir.structure.Structured}
 * statements, which are loops, conditionals, switches, regions of exception handling, and labelled
 * statements with jumps out of them. Values become variables. {@link
 * dev.fluxion.ir.structure.StructuredText} shows it.
 *
 * <p>It needs a body whose cycles are entered at one place each, as {@code javac} makes them;
 * {@link dev.fluxion.ir.structure.Reducible} makes others so.
 */
@NullMarked
package dev.fluxion.ir.structure;

import org.jspecify.annotations.NullMarked;

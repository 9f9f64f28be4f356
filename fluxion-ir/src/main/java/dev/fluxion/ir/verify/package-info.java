/**
 * What every body must hold to: {@link dev.fluxion.ir.verify.Verifier}.
 *
 * <p>With assertions enabled, as in tests, every pass verifies its result, and so does the compiler
 * before it emits code.
 */
@NullMarked
package dev.fluxion.ir.verify;

import org.jspecify.annotations.NullMarked;

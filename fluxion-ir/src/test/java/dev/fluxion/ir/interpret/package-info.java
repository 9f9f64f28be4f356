/** The reference semantics. */
@NullMarked
package dev.fluxion.ir.interpret;

import org.jspecify.annotations.NullMarked;

/** What is refused. */
@NullMarked
package dev.fluxion.ir.verify;

import org.jspecify.annotations.NullMarked;

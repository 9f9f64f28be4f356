/** From class files to the intermediate representation. */
@NullMarked
package dev.fluxion.ir.lift;

import org.jspecify.annotations.NullMarked;

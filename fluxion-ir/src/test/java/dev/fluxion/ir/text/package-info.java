/** The text form. */
@NullMarked
package dev.fluxion.ir.text;

import org.jspecify.annotations.NullMarked;

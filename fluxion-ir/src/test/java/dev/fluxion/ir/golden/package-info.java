/** Bodies as text, lifted and transformed. */
@NullMarked
package dev.fluxion.ir.golden;

import org.jspecify.annotations.NullMarked;

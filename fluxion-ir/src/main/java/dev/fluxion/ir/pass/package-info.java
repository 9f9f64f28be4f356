/** Transforms from body to body that leave the meaning as it is. */
@NullMarked
package dev.fluxion.ir.pass;

import org.jspecify.annotations.NullMarked;

/** Random Java methods, which lifting, passes and emission must leave as they are. */
@NullMarked
package dev.fluxion.ir.corpus;

import org.jspecify.annotations.NullMarked;

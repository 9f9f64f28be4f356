/** What emitted code does. */
@NullMarked
package dev.fluxion.ir.emit;

import org.jspecify.annotations.NullMarked;

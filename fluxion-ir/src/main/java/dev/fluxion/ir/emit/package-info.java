/** From the intermediate representation to bytecode that runs. */
@NullMarked
package dev.fluxion.ir.emit;

import org.jspecify.annotations.NullMarked;

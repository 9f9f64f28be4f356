/** Tests of the round trip of class files. */
@NullMarked
package dev.fluxion.ir.roundtrip;

import org.jspecify.annotations.NullMarked;

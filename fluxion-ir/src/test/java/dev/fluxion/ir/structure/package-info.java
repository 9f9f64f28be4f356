/** Tests of structured code on graphs that no compiler makes, and on the classes of the JDK. */
@NullMarked
package dev.fluxion.ir.structure;

import org.jspecify.annotations.NullMarked;

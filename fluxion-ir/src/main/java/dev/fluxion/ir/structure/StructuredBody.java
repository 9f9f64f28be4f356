package dev.fluxion.ir.structure;

import dev.fluxion.ir.Body;
import java.util.List;

/**
 * A method in structured form.
 *
 * @param body the body that it is the form of: its name, type, parameters and values
 * @param code the statements; their end is not reached
 */
public record StructuredBody(Body body, List<Structured> code) {}

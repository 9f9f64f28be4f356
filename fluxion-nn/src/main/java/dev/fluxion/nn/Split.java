package dev.fluxion.nn;

/**
 * Data to learn from, and data to test on what was learnt.
 *
 * @param train what is learnt from
 * @param test what is kept back
 */
public record Split(LabelledImages train, LabelledImages test) {}

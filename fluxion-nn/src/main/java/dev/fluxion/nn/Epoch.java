package dev.fluxion.nn;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a pass over the data gave.
 *
 * @param number the pass, the first is 1
 * @param loss the mean of the batches' losses
 * @param accuracy what the measure that was asked for says after the pass
 * @param batches how many batches there were
 * @param time how long they took
 */
public record Epoch(int number, double loss, OptionalDouble accuracy, int batches, Duration time) {}

/**
 * One encoded batch from its first attempt until it is acknowledged or given up.
 *
 * <p>Main types: {@code Delivery}, the state machine (locate, place, attempt, wait, split, end),
 * and {@code AttemptRunner}, the core of the line: select, authenticate, exchange, classify. {@code
 * DeliveryOutcome} ends a delivery, {@code RejectionQuorum} decides whether a refusal is final, and
 * {@code SendExceptions} has every error text.
 *
 * <p>Imports {@code concurrent}, {@code transport}, {@code node}, {@code share} and {@code batch}.
 * The steps of a delivery follow each other on the thread that brings the next event: the caller's,
 * the I/O thread, or the scheduler's; never on two at a time.
 */
@NullMarked
package io.github.httpreport.internal.delivery;

import org.jspecify.annotations.NullMarked;

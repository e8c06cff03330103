/**
 * One encoded batch from its first attempt until it is acknowledged or given up.
 *
 * <p>Main type: {@code Delivery}, whose method {@code attempt} is the line: select, exchange,
 * classify, then complete or retry. Imports every room but {@code spool}. The steps of a delivery
 * follow each other on whichever thread brings the next event: the caller's, the I/O thread, or the
 * scheduler's; never on two at a time.
 */
@NullMarked
package io.github.httpreport.internal.delivery;

import org.jspecify.annotations.NullMarked;

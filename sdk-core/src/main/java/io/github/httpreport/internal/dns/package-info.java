/**
 * Names of hosts to addresses, without a wait on the thread that asks.
 *
 * <p>Main type: {@code HostNames}, by {@code NameLookups}; the transport asks before it connects.
 * Imports {@code concurrent} only. Threads: at most 40 of its own, since the JDK's look-up blocks
 * and cannot be interrupted.
 */
@NullMarked
package io.github.httpreport.internal.dns;

import org.jspecify.annotations.NullMarked;

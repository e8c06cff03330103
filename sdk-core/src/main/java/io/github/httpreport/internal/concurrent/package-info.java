/**
 * Threads, clocks and scheduling: the scheduler that every wait goes through, the executor of
 * callbacks, daemon threads, and maps whose entries expire.
 *
 * <p>Main types: {@code Scheduler} and {@code CallbackExecutor}. Imports no other room, so that a
 * test replaces the time of all of them with one object. The scheduler's thread and the threads of
 * callbacks begin here.
 */
@NullMarked
package io.github.httpreport.internal.concurrent;

import org.jspecify.annotations.NullMarked;

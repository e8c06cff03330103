/**
 * One HTTP/1.1 request and one response: connections, TLS, proxies, time limits, and which bytes
 * are the response to a request. No retry, no node and no message is known here.
 *
 * <p>Main type: {@code Transport}, by {@code HttpTransport}. From the top down: {@code HttpCall} is
 * one request until its future completes, {@code Connection} is one socket and its turns, {@code
 * RequestWriter} and {@code ResponseReader} are the bytes of HTTP, {@code Wire} is what carries
 * them. Imports {@code concurrent} and {@code dns}, and is alone in importing httpcore5, but for
 * the check of its version.
 *
 * <p>Threads: one I/O thread, and callers of {@code send} in their first exchange. Time limits run
 * on the thread of the scheduler. {@code docs/transport.md} has the states of a call and says where
 * each rule stands.
 */
@NullMarked
package io.github.httpreport.internal.transport;

import org.jspecify.annotations.NullMarked;

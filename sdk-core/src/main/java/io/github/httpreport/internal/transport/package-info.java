/**
 * One HTTP/1.1 request and one response: connections, TLS, proxies, name look-ups, time limits, and
 * which bytes are the response to a request. No retry, no node and no message is known here.
 *
 * <p>Main type: {@code Transport}, by {@code HttpTransport}; {@code HttpCall} is one request,
 * {@code Connection} is where its bytes go. Imports {@code concurrent} only, and is alone in
 * importing httpcore5, but for the check of its version. Threads: one I/O thread, the threads of
 * name look-ups, and callers of {@code send} in their first exchange. {@code docs/transport.md} has
 * the states of a call.
 */
@NullMarked
package io.github.httpreport.internal.transport;

import org.jspecify.annotations.NullMarked;

/**
 * One HTTP/1.1 request and one response: connections, TLS, proxies, name look-ups, time limits, and
 * which bytes are the response to a request. No retry, no node and no message is known here.
 *
 * <p>Main type: {@code Transport}. Imports {@code concurrent} only, and is alone in importing
 * httpclient5 and httpcore5. Threads: one I/O thread, the threads of name look-ups, and callers of
 * {@code send} in their first exchange.
 */
@NullMarked
package io.github.httpreport.internal.transport;

import org.jspecify.annotations.NullMarked;

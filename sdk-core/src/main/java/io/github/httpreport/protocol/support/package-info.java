/**
 * Building blocks for implementers of a {@link io.github.httpreport.protocol.WireProtocol}: framing
 * of encoded messages, checks of their content, and the meaning of HTTP status codes.
 */
@NullMarked
package io.github.httpreport.protocol.support;

import org.jspecify.annotations.NullMarked;

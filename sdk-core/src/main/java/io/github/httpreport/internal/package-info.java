/**
 * Assembly and life cycle of a sender: {@link io.github.httpreport.internal.Engine} behind {@code
 * HttpProxySender}, the factory that connects the rooms below, and the sequence of steps in which a
 * sender closes.
 *
 * <p>Main type: {@code Engine}. It may import every room; no room imports it. The threads of
 * callers run here, and the one that closes the sender.
 */
@NullMarked
package io.github.httpreport.internal;

import org.jspecify.annotations.NullMarked;

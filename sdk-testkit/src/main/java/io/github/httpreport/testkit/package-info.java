/** An InLong cluster on loopback and a sender without a network, for tests. */
@NullMarked
package io.github.httpreport.testkit;

import org.jspecify.annotations.NullMarked;

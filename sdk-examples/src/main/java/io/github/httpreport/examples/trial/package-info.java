/** Programs that put the sender to the test: for long, with a dead node, and with too much. */
@NullMarked
package io.github.httpreport.examples.trial;

import org.jspecify.annotations.NullMarked;

/** One HTTP request, one bounded response, and the exchange that turns one into the other. */
@NullMarked
package io.github.httpreport.http;

import org.jspecify.annotations.NullMarked;

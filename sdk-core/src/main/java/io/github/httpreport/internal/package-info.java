/** How messages are accumulated, delivered and accounted for. Not part of the API. */
@NullMarked
package io.github.httpreport.internal;

import org.jspecify.annotations.NullMarked;

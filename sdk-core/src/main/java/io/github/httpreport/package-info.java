/**
 * The vocabulary of an application: {@link io.github.httpreport.ProxySender} and what it takes and
 * gives.
 */
@NullMarked
package io.github.httpreport;

import org.jspecify.annotations.NullMarked;

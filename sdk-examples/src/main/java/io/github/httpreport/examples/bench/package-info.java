/** Measures the library against raw sockets and the plain way of reporting over HTTP. */
@NullMarked
package io.github.httpreport.examples.bench;

import org.jspecify.annotations.NullMarked;

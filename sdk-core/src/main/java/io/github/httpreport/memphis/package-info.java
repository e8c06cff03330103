/** The protocol of the Memphis REST gateway. */
@NullMarked
package io.github.httpreport.memphis;

import org.jspecify.annotations.NullMarked;

/** The seam between delivery and a server: a protocol translates, the delivery decides. */
@NullMarked
package io.github.httpreport.protocol;

import org.jspecify.annotations.NullMarked;

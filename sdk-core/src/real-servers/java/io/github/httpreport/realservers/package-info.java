/** Tests against servers that others wrote, built from their sources. */
@NullMarked
package io.github.httpreport.realservers;

import org.jspecify.annotations.NullMarked;

/** Apache InLong: its Manager's access points and its DataProxy's HTTP source. */
@NullMarked
package io.github.httpreport.inlong;

import org.jspecify.annotations.NullMarked;

/** The protocol of eKuiper's HTTP push source. */
@NullMarked
package io.github.httpreport.ekuiper;

import org.jspecify.annotations.NullMarked;

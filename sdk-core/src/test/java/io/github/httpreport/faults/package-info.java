/** What a sender promises, held against one fault after the other. */
@NullMarked
package io.github.httpreport.faults;

import org.jspecify.annotations.NullMarked;

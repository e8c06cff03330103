/** Text that others wrote, in messages of ours. Not part of the API, and seen by every package. */
@NullMarked
package io.github.httpreport.text;

import org.jspecify.annotations.NullMarked;

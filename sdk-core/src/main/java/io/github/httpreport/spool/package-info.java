/** Keeps batches on disk until a server has acknowledged them. */
@NullMarked
package io.github.httpreport.spool;

import org.jspecify.annotations.NullMarked;

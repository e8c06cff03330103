/**
 * The spool's file: entries with checksums in an MVStore, its directory and locks, and the salvage
 * of what is left of a damaged file.
 *
 * <p>Main type: {@code MvSpool}. Imports no room. Not safe for use by several threads at a time:
 * the thread of the spool is the only user.
 */
@NullMarked
package io.github.httpreport.internal.spool.store;

import org.jspecify.annotations.NullMarked;

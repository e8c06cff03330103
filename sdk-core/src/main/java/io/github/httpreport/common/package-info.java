/**
 * Helpers that every package may use: checks of arguments, text from outside in messages of ours,
 * percent-encoding, HTTP dates. Not part of the API; it imports no other package.
 */
@NullMarked
package io.github.httpreport.common;

import org.jspecify.annotations.NullMarked;

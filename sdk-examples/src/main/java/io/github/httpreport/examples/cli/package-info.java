/** The commands of the command-line tool. */
@NullMarked
package io.github.httpreport.examples.cli;

import org.jspecify.annotations.NullMarked;

/** Example programs, the command-line tool and the benchmark. */
@NullMarked
package io.github.httpreport.examples;

import org.jspecify.annotations.NullMarked;

/** What tests of several packages need. */
@NullMarked
package io.github.httpreport.testsupport;

import org.jspecify.annotations.NullMarked;

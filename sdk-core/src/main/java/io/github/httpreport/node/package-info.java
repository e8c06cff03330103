/** Where a report may go: nodes, where their list comes from, and how one of them is selected. */
@NullMarked
package io.github.httpreport.node;

import org.jspecify.annotations.NullMarked;

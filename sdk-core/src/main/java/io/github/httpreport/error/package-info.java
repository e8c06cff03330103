/** Why a send failed, one class a cause. */
@NullMarked
package io.github.httpreport.error;

import org.jspecify.annotations.NullMarked;

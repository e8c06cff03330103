/** The library with the versions of its dependencies that applications bring. */
@org.jspecify.annotations.NullMarked
package io.github.httpreport.compatibility;

/** A Spring Boot application that reports. */
@NullMarked
package io.github.httpreport.examples.spring;

import org.jspecify.annotations.NullMarked;

/** Support for the tests of Spring Boot applications that report. */
@NullMarked
package io.github.httpreport.spring.test;

import org.jspecify.annotations.NullMarked;

/** Senders as beans of a Spring Boot application. */
@NullMarked
package io.github.httpreport.spring;

import org.jspecify.annotations.NullMarked;

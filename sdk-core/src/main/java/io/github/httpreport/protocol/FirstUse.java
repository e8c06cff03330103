package io.github.httpreport.protocol;

import static java.util.Objects.requireNonNull;

/**
 * Something that a server sets up when the first request for it comes, and cannot set up twice, or
 * beside another, at the same time. Immutable where its parts are. Both parts have an {@code
 * equals} of their own, and a {@code toString} without a secret.
 *
 * @param scope where nothing else is set up meanwhile, for example one connection of a server
 * @param resource what is set up there, for example a queue
 */
public record FirstUse(Object scope, Object resource) {

  /** Refuses null. */
  public FirstUse {
    requireNonNull(scope, "scope");
    requireNonNull(resource, "resource");
  }
}

package io.github.httpreport.examples.cli;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives lines, one after the other. For one thread. */
interface LineSource extends Closeable {

  /** The next line; null behind the last. */
  @Nullable Line next() throws IOException;
}

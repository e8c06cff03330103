package io.github.httpreport.flink;

import java.io.Serializable;

/**
 * A serializable piece of code that gets the records that the server refuses for good. Runs on the
 * thread of the task, like any other function of a job, and never at the same time as another call.
 *
 * @param <T> the type of the records
 */
@FunctionalInterface
public interface RefusedRecordHandler<T> extends Serializable {

  /**
   * Takes a record that is not stored and will not be sent again. When this returns, the record
   * counts as dealt with, and the next checkpoint completes without it.
   *
   * @param element the record
   * @param cause why: an {@link IllegalArgumentException} for what the server cannot take, a {@link
   *     io.github.httpreport.error.MessageTooLargeException}, or a {@link
   *     io.github.httpreport.error.RejectedException}, whose {@code isContentAtFault()} tells a
   *     wrong record from a wrong group, stream or setting
   * @throws Exception to fail the job
   */
  void refused(T element, RuntimeException cause) throws Exception;
}

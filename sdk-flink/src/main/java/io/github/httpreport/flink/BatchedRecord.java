package io.github.httpreport.flink;

/** A record on its way in a batch, with what it takes to send it again without the others. */
record BatchedRecord<T>(T element, Report report) {}

/**
 * The checks of the {@code doctor} command: what lies between an application and the servers it
 * reports to, one small class for each check. {@link io.github.httpreport.examples.doctor.Doctor}
 * runs them in order. Every check returns findings and throws nothing. Nodes are checked by a few
 * threads at a time; everything else runs on the thread of the command.
 */
@NullMarked
package io.github.httpreport.examples.doctor;

import org.jspecify.annotations.NullMarked;

/** The main job: a recording through the whole pipeline in paper mode, shown while it runs and summed up at its end. */
@NullMarked
package sluice.console.demo;

import org.jspecify.annotations.NullMarked;

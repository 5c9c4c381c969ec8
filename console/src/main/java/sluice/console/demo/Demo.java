package sluice.console.demo;

import java.io.IOException;
import java.nio.file.Path;

/** A recording played through everything. */
public interface Demo extends AutoCloseable {
    /**
     * Starts everything, plays the recording to its end and sums it up. Everything stays up until {@link #close}.
     *
     * @throws IllegalStateException if a role failed on the way
     */
    DemoSummary run() throws IOException, InterruptedException;

    /** Where its data are. */
    Path directory();

    /** Where other commands find the stack while it is up; empty before. */
    String bootstrapServers();

    @Override
    void close();
}

package sluice.venues.simulator;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One thread for what happens after a while. What goes wrong there is said on standard error, not swallowed. */
public final class Later implements AutoCloseable {
    private final ScheduledExecutorService executor;

    public Later(String name) {
        executor = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs something once. After closing, nothing. */
    public void in(long millis, Runnable work) {
        if (!executor.isShutdown()) {
            Future<?> unused = executor.schedule(() -> run(work), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Runs something again and again, whatever a run ends with. */
    public void every(long millis, Runnable work) {
        Future<?> unused = executor.scheduleAtFixedRate(() -> run(work), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!executor.isShutdown()) {
                System.err.println("the simulator could not do what was due: " + e);
            }
        }
    }

    /** Lets what runs come to its end, so that nothing is written after the ledger is closed. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                System.err.println("what was due did not end within 5 s of closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

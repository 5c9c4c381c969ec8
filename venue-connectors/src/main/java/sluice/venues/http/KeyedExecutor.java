package sluice.venues.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs what belongs to one key in the order it was given, and everything else side by side.
 *
 * <p>A task that throws ends its own future and holds up nothing behind it. Safe for several threads.
 */
public final class KeyedExecutor<K> {
    private final Executor executor;
    private final Map<K, CompletableFuture<@Nullable Void>> tails = new HashMap<>();

    /** @param executor where tasks run; its threads bound how many keys make progress at once */
    public KeyedExecutor(Executor executor) {
        this.executor = executor;
    }

    /** Runs the task after all tasks given earlier for the same key. */
    public CompletableFuture<@Nullable Void> execute(K key, Runnable task) {
        CompletableFuture<@Nullable Void> mine;
        synchronized (tails) {
            var before = tails.get(key);
            mine = before == null
                    ? CompletableFuture.runAsync(task, executor)
                    : before.handle((done, failure) -> null).thenRunAsync(task, executor);
            tails.put(key, mine);
        }
        var tail = mine;
        var unused = tail.whenComplete((done, failure) -> {
            synchronized (tails) {
                tails.remove(key, tail);
            }
        });
        return mine;
    }
}

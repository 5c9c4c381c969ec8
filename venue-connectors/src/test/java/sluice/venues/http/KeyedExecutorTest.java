package sluice.venues.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedExecutorTest {
    @Test
    void tasksOfOneKeyKeepTheirOrderAlsoAfterOneThatThrows() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            // Given
            var executor = new KeyedExecutor<String>(threads);
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());

            // When
            for (int i = 0; i < 200; i++) {
                int task = i;
                var unused = executor.execute("a", () -> {
                    seen.add(task);
                    if (task % 7 == 0) {
                        throw new IllegalStateException("task " + task);
                    }
                });
            }
            executor.execute("a", () -> {}).get(10, TimeUnit.SECONDS);

            // Then
            assertThat(seen)
                    .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
        }
    }

    @Test
    void oneKeyDoesNotWaitForAnother() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var executor = new KeyedExecutor<String>(threads);
            var release = new CountDownLatch(1);
            var blocked = executor.execute("slow", () -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            executor.execute("quick", () -> {}).get(10, TimeUnit.SECONDS);

            assertThat(blocked).isNotDone();
            release.countDown();
            blocked.get(10, TimeUnit.SECONDS);
        }
    }
}

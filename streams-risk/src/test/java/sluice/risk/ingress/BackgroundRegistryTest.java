package sluice.risk.ingress;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import sluice.avro.Tick;
import sluice.wire.RegistryUnavailableException;
import sluice.wire.SchemaRegistry;

class BackgroundRegistryTest {
    private static final Schema TICK = Tick.getClassSchema();

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Callable<Optional<Schema>>> answer = new AtomicReference<>(() -> Optional.of(TICK));
    private final SchemaRegistry slow = (SchemaRegistry) Proxy.newProxyInstance(
            SchemaRegistry.class.getClassLoader(), new Class<?>[] {SchemaRegistry.class}, (proxy, method, args) -> {
                asked.incrementAndGet();
                return requireNonNull(answer.get()).call();
            });

    @Test
    void anAnswerThatComesIsPassedOn() {
        var registry = new BackgroundRegistry(slow, Duration.ofSeconds(60));

        assertThat(registry.byId(1)).contains(TICK);
        answer.set(Optional::empty);
        assertThat(registry.byId(2)).isEmpty();
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForAndTakenUpLater() {
        // Given
        var registry = new BackgroundRegistry(slow, Duration.ofMillis(10));
        var release = new CountDownLatch(1);
        answer.set(() -> {
            release.await();
            return Optional.of(TICK);
        });

        // Then: asked once, however often it is looked for
        assertThatThrownBy(() -> registry.byId(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("has not answered for schema id 1 within 10 ms");
        assertThatThrownBy(() -> registry.byId(1)).isInstanceOf(RegistryUnavailableException.class);
        release.countDown();
        assertThat(answerThatComes(registry)).contains(TICK);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aRefusalIsPassedOnAndTheNextCallAsksAgain() {
        var registry = new BackgroundRegistry(slow, Duration.ofSeconds(60));
        answer.set(() -> {
            throw new RegistryUnavailableException("down");
        });

        assertThatThrownBy(() -> registry.byId(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessage("down");
        answer.set(() -> Optional.of(TICK));
        assertThat(registry.byId(1)).contains(TICK);
    }

    private static Optional<Schema> answerThatComes(SchemaRegistry registry) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return registry.byId(1);
            } catch (RegistryUnavailableException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }
}

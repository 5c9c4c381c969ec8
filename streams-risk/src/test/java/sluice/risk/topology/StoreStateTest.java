package sluice.risk.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.StrategyId;
import sluice.domain.journal.JournalEntry;
import sluice.risk.core.AccountBook;
import sluice.risk.core.AccountCore;
import sluice.risk.core.AccountEvent;
import sluice.risk.core.BookId;
import sluice.risk.core.MapState;
import sluice.risk.core.RandomJournal;
import sluice.risk.core.StrategyBook;
import sluice.wire.InMemorySchemaRegistry;

class StoreStateTest {
    private static final int ENTRIES = 2_000;
    private static final Stores STORES = new Stores(new InMemorySchemaRegistry(), "sluice-core");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 7);
    }

    @BeforeAll
    static void registerSchemas() {
        STORES.registerSchemas();
    }

    /** The stores are the state: throwing away all else between any two entries changes no answer. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRestartChangesNoAnswer(long seed) {
        // Given
        var random = new Random(seed);
        var journal = new RandomJournal(seed);
        var plain = new AccountCore(new MapState());
        var stores = new MemoryStores(STORES);
        var stored = new AccountCore(new StoreState(STORES, stores));
        int restarts = 0;

        for (int i = 0; i < ENTRIES; i++) {
            // When
            JournalEntry entry = journal.next();
            if (random.nextInt(20) == 0) {
                stored = new AccountCore(new StoreState(STORES, stores));
                restarts++;
            }
            List<AccountEvent> expected = plain.apply(entry);
            List<AccountEvent> said = stored.apply(entry);

            // Then
            if (!said.equals(expected)) {
                assertThat(said).as("answer %d, to %s", i, entry).isEqualTo(expected);
            }
            journal.observe(expected);
        }
        assertThat(restarts).isPositive();
    }

    @Test
    void booksAndStrategiesAreInAFixedOrderAndStayTheSameObjects() {
        // Given
        var stores = new MemoryStores(STORES);
        var state = new StoreState(STORES, stores);
        var beta = new BookId(new AccountId("beta"), Mode.PAPER);
        var alpha = new BookId(new AccountId("alpha"), Mode.PAPER);
        for (BookId book : List.of(beta, alpha)) {
            state.accounts().put(book, new AccountBook());
            for (String strategy : List.of("value", "arb")) {
                state.strategies().put(new BookId.OfStrategy(book, new StrategyId(strategy)), new StrategyBook());
            }
        }

        // When
        var restarted = new StoreState(STORES, stores);

        // Then
        for (StoreState each : List.of(state, restarted)) {
            assertThat(each.books()).containsExactly(alpha, beta);
            assertThat(each.strategiesOf(beta)).containsExactly(new StrategyId("arb"), new StrategyId("value"));
            assertThat(each.accounts().get(alpha)).isSameAs(each.accounts().get(alpha));
        }
    }

    @Test
    void whatWasDeletedStaysDeleted() {
        // Given
        var stores = new MemoryStores(STORES);
        var state = new StoreState(STORES, stores);
        state.commands().put("halt-1", 5L);

        // When
        state.commands().delete("halt-1");

        // Then
        assertThat(state.commands().get("halt-1")).isNull();
        assertThat(new StoreState(STORES, stores).commands().get("halt-1")).isNull();
    }
}

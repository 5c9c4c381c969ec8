package sluice.risk.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.StrategyId;
import sluice.domain.risk.Control;
import sluice.domain.risk.Verdict;
import sluice.risk.core.Answer;
import sluice.risk.core.BookId;
import sluice.risk.core.DecisionStub;
import sluice.risk.core.Posting;
import sluice.wire.InMemorySchemaRegistry;

class StoresTest {
    private static final BookId BOOK = new BookId(new AccountId("main"), Mode.PAPER);
    private static final long NOON = 1_795_176_000_000L;

    private static final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private static final Stores stores = new Stores(registry, "sluice-core");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @BeforeAll
    static void registerSchemas() {
        stores.registerSchemas();
    }

    // ---------------------------------------------------------------- what goes in comes out

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyValueComesBackAsItWas(long seed) {
        var random = new RandomState(seed);

        comesBack(stores.controls, random::account, random::controlBook);
        comesBack(stores.accounts, random::book, random::accountBook);
        comesBack(stores.strategies, random::ofStrategy, random::strategyBook);
        comesBack(stores.events, random::ofEvent, random::eventBook);
        comesBack(stores.markets, random::ofMarket, random::marketEntry);
        comesBack(stores.answers, random::order, random::answer);
        comesBack(stores.decisions, random::numbered, random::decisionStub);
        comesBack(stores.orders, random::order, random::orderState);
        comesBack(stores.trades, random::trade, random::bookedTrade);
        comesBack(stores.postings, random::numbered, random::posting);
        comesBack(stores.commands, random::command, random::any);
    }

    private static <K, V> void comesBack(Stored<K, V> store, Supplier<K> keys, Supplier<V> values) {
        K key = keys.get();
        V value = values.get();

        byte[] bytes = store.write(value);

        assertThat(store.readKey(store.writeKey(key))).isEqualTo(key);
        assertThat(store.read(bytes)).usingRecursiveComparison().isEqualTo(value);
        assertThat(store.write(store.read(bytes))).isEqualTo(bytes);
    }

    @Test
    void tradesWhosePartsRunIntoEachOtherStayApart() {
        var seen = new HashSet<Bytes>();
        var random = new RandomState(7);
        var keys = new HashSet<Object>();
        for (int i = 0; i < 10_000; i++) {
            var key = random.trade();
            keys.add(key);
            seen.add(Bytes.wrap(stores.trades.writeKey(key)));
        }

        assertThat(seen).hasSameSizeAs(keys);
    }

    @Test
    void numberedKeysSortByNumber() {
        long[] numbers = {0, 1, 255, 256, 65_535, 1L << 32, Long.MAX_VALUE};

        byte[][] keys = Arrays.stream(numbers)
                .mapToObj(number -> stores.decisions.writeKey(new BookId.Numbered(BOOK, number)))
                .toArray(byte[][]::new);

        assertThat(List.of(keys)).isSortedAccordingTo(Arrays::compareUnsigned);
    }

    @Test
    void aForeignKeyIsNamed() {
        assertThatThrownBy(() -> stores.accounts.readKey("main".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasMessageContaining("store key \"main\" has 1 parts, not 2");
    }

    // ---------------------------------------------------------------- size

    @Test
    void whatEveryDecisionWritesIsSmall() {
        String intent = "0123456789abcdef0123456789abcdef";
        String hash = intent + intent;
        String longestCode = Arrays.stream(Control.values())
                .map(Control::code)
                .reduce("", (a, b) -> a.length() > b.length() ? a : b);

        assertThat(stores.answers.write(new Answer(hash, 1_000_000, Verdict.APPROVED, Control.OK)))
                .hasSizeLessThan(48);
        assertThat(stores.answers.write(new Answer(hash, 1_000_000, Verdict.DENIED, longestCode)))
                .hasSizeLessThanOrEqualTo(60);
        assertThat(stores.decisions.write(
                        new DecisionStub(NOON, Optional.of(new OrderId(intent)), new StrategyId("momentum"), true)))
                .hasSizeLessThan(48);
        assertThat(stores.postings.write(new Posting(NOON, new StrategyId("momentum"), -123_456_789)))
                .hasSizeLessThan(32);
    }

    // ---------------------------------------------------------------- the list

    @Test
    void onlyAnswersAreOnDisk() {
        assertThat(stores.all())
                .filteredOn(store -> store.builder().build().persistent())
                .containsExactly(stores.answers);
    }

    @Test
    void everyChangelogIsCompactedInSmallSegments() {
        assertThat(stores.all()).hasSize(11).allSatisfy(store -> {
            assertThat(store.builder().loggingEnabled()).isTrue();
            assertThat(store.builder().logConfig())
                    .containsEntry("cleanup.policy", "compact")
                    .containsEntry("segment.bytes", "4194304")
                    .containsEntry("segment.ms", "600000")
                    .containsEntry("min.cleanable.dirty.ratio", "0.1")
                    .containsKey("delete.retention.ms");
        });
    }

    @Test
    void valuesAreFoundUnderTheSubjectOfTheirChangelog() {
        assertThat(stores.events.changelog()).isEqualTo("sluice-core-events-changelog");
        assertThat(registry.subjects()).hasSize(11).contains("sluice-core-events-changelog-value");
    }

    @Test
    void aStoreWithoutItsSchemaSaysSo() {
        var unregistered = new Stores(new InMemorySchemaRegistry(), "sluice-core");

        assertThatThrownBy(() -> unregistered.commands.write(NOON))
                .hasMessageContaining("sluice-core-commands-changelog-value")
                .hasMessageContaining("register the schemas");
    }
}

package sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.Quantity;
import sluice.domain.RandomDomain;
import sluice.domain.Venue;
import sluice.domain.journal.JournalEntry;
import sluice.domain.journal.JournalEntry.FillReceived;
import sluice.domain.journal.JournalEntry.SignalReceived;
import sluice.domain.journal.JournalEntry.SnapshotReceived;
import sluice.domain.journal.JournalEntry.Tick;
import sluice.domain.market.MarketStatus;
import sluice.domain.order.Signal;
import sluice.domain.risk.Scope;

/** What a record may not say, in either direction, and the words in which it is refused. */
class RejectionTest {
    private static final AccountId ACCOUNT = new AccountId("desk");

    static {
        TrustedSchemas.trust();
    }

    /** A kind of record, with a good one of it. */
    private record Kind<A extends SpecificRecord>(A good, Consumer<A> read) {
        String name() {
            return good.getSchema().getName();
        }

        Schema schema() {
            return good.getSchema();
        }

        /** Reads the good record with one field changed. */
        void readWith(String field, @Nullable Object value) {
            A changed = SpecificData.getForSchema(schema()).deepCopy(schema(), good);
            changed.put(schema().getField(field).pos(), value);
            read.accept(changed);
        }
    }

    private static Stream<Kind<?>> kinds() {
        var random = new RandomDomain(1);
        return Stream.of(
                new Kind<>(SignalCodec.toAvro(random.signal(ACCOUNT)), SignalCodec::fromAvro),
                new Kind<>(MarketCodec.toAvro(random.market()), MarketCodec::fromAvro),
                new Kind<>(MarketCodec.toAvro(random.fees()), MarketCodec::fromAvro),
                new Kind<>(MarketCodec.toAvro(random.quote()), MarketCodec::fromAvro),
                new Kind<>(MarketCodec.toAvro(random.quoteView()), MarketCodec::fromAvro),
                new Kind<>(MarketCodec.toAvro(random.settlement()), MarketCodec::fromAvro),
                new Kind<>(OrderCodec.toAvro(random.orderCommand()), OrderCodec::fromAvro),
                new Kind<>(OrderCodec.toAvro(random.report()), OrderCodec::fromAvro),
                new Kind<>(OrderCodec.toAvro(random.fill()), OrderCodec::fromAvro),
                new Kind<>(RiskCodec.toAvro(random.limits()), RiskCodec::fromAvro),
                new Kind<>(RiskCodec.toAvro(random.control()), RiskCodec::fromAvro),
                new Kind<>(RiskCodec.toAvro(random.halt()), RiskCodec::fromAvro),
                new Kind<>(VocabularyCodec.toAvro(random.scope()), avro -> VocabularyCodec.fromAvro("Scope", avro)),
                new Kind<>(VocabularyCodec.toAvro(random.origin()), avro -> VocabularyCodec.fromAvro("Origin", avro)),
                new Kind<>(SnapshotCodec.toAvro(ACCOUNT, random.snapshot()), avro -> {
                    SnapshotCodec.account(avro);
                    SnapshotCodec.fromAvro(avro);
                }),
                new Kind<>(entry(random), avro -> JournalCodec.fromAvro(avro, 0, 0, 0)));
    }

    private static sluice.avro.JournalEntry entry(RandomDomain random) {
        return JournalCodec.toAvro(new JournalEntry(ACCOUNT, 0, 0, 0, new FillReceived(random.fill(ACCOUNT))), null);
    }

    /** Every field of every kind whose own type the filter accepts, null set aside. */
    private static Stream<Arguments> fields(Predicate<Schema.Field> filter) {
        return kinds().flatMap(kind -> kind.schema().getFields().stream()
                .filter(filter)
                .map(field -> arguments(named(kind.name(), kind), field.name())));
    }

    private static Schema typeOf(Schema.Field field) {
        Schema schema = field.schema();
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        List<Schema> others = schema.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        return others.size() == 1 ? others.get(0) : schema;
    }

    // ---------------------------------------------------------------- every field of every record

    static Stream<Arguments> enums() {
        return fields(field -> typeOf(field).getType() == Schema.Type.ENUM
                && !(field.name().equals("status") && typeOf(field).getName().equals("MarketStatus")));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("enums")
    void anUnknownEnumValueIsRefused(Kind<?> kind, String field) {
        var type = SpecificData.getForSchema(kind.schema())
                .getClass(typeOf(kind.schema().getField(field)));
        Object unknown = Objects.requireNonNull(type.getEnumConstants())[0];
        assertThat(unknown).hasToString("UNKNOWN");

        assertThatThrownBy(() -> kind.readWith(field, unknown))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith(kind.name() + "." + field + ": UNKNOWN is not one of ")
                .hasMessageEndingWith("; set it, or run a version that knows the value that was sent");
    }

    static Stream<Arguments> requiredObjects() {
        return fields(field -> switch (field.schema().getType()) {
            case STRING, BYTES, ENUM, RECORD, ARRAY, MAP, FIXED -> true;
            case LONG -> field.schema().getLogicalType() != null;
            case UNION -> !field.schema().isNullable();
            case INT, FLOAT, DOUBLE, BOOLEAN, NULL -> false;
        });
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("requiredObjects")
    void aMissingFieldIsRefused(Kind<?> kind, String field) {
        assertThatThrownBy(() -> kind.readWith(field, null))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage(kind.name() + "." + field
                        + ": it is missing, but it is required; correct it and send the record again");
    }

    static Stream<Arguments> decimals() {
        return fields(field -> typeOf(field).getLogicalType() instanceof LogicalTypes.Decimal);
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("decimals")
    void aDecimalOfAnotherScaleIsRefused(Kind<?> kind, String field) {
        assertThatThrownBy(() -> kind.readWith(field, new BigDecimal("0.65")))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage(kind.name() + "." + field + ": 0.65 has scale 2, but decimals have scale 6 everywhere; "
                        + "write it with six digits after the point");
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("decimals")
    void aDecimalThatIsTooLargeIsRefused(Kind<?> kind, String field) {
        for (String digits : List.of("1000000000000.000000", "-1000000000000.000000", "99999999999999999999.000000")) {
            assertThatThrownBy(() -> kind.readWith(field, new BigDecimal(digits)))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageStartingWith(kind.name() + "." + field + ": ")
                    .hasMessageContaining(" is beyond 999999999999.999999, the largest number that a record holds");
        }
    }

    static Stream<Arguments> times() {
        return fields(field -> typeOf(field).getLogicalType() instanceof LogicalTypes.TimestampMillis);
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("times")
    void aTimeOutsideThisAgeIsRefused(Kind<?> kind, String field) {
        for (Instant time : List.of(
                Instant.parse("1969-12-31T23:59:59.999Z"), Instant.parse("2200-01-01T00:00:00Z"), Instant.MAX)) {
            assertThatThrownBy(() -> kind.readWith(field, time))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessage(kind.name() + "." + field + ": " + time
                            + " is not a time from 1970-01-01 up to 2200-01-01; "
                            + "write UTC milliseconds since 1970-01-01 and send the record again");
        }
    }

    static Stream<Arguments> texts() {
        // A command's signing key is for whoever checks the signature; the domain value does not carry it.
        return fields(field ->
                typeOf(field).getType() == Schema.Type.STRING && !field.name().equals("key_id"));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("texts")
    void halfACharacterIsRefused(Kind<?> kind, String field) {
        assertThatThrownBy(() -> kind.readWith(field, "x\ud83c"))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith(kind.name() + "." + field + ": character 1 is half of a surrogate pair");
    }

    // ---------------------------------------------------------------- particular fields

    private static Arguments refused(String kind, String field, Object value, String message) {
        return arguments(kind, field, value, message);
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text).setScale(6);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                refused("Signal", "limit_price", decimal("1.2"), "price 1.2 is not between 0 and 1"),
                refused("Signal", "limit_price", decimal("-0.000001"), "price -0.000001 is not between 0 and 1"),
                refused("Signal", "size", decimal("-50"), "quantity -50 is negative"),
                refused("Signal", "request_id", "", "it is empty, but it must identify the record"),
                refused("Signal", "idempotency_key", "", "it is empty, but it must identify the record"),
                refused("Signal", "account", "", "AccountId has 0 characters; from 1 to 200 are allowed"),
                refused("Signal", "account", "a|b", "AccountId \"a|b\" has a space, a control character or a | at 1"),
                refused("Signal", "strategy", "s".repeat(201), "StrategyId has 201 characters"),
                refused("Signal", "market_id", "KX NBA", "market \"KX NBA\" has a space"),
                refused("Market", "event_id", "", "EventId has 0 characters"),
                refused("Market", "min_quantity", decimal("-1"), "quantity -1 is negative"),
                refused("Quote", "last_trade_quantity", decimal("-1"), "quantity -1 is negative"),
                refused("Quote", "last_trade_price", decimal("2"), "price 2 is not between 0 and 1"),
                refused("QuoteView", "yes_bid", decimal("2"), "price 2 is not between 0 and 1"),
                refused("Settlement", "yes_value", decimal("2"), "price 2 is not between 0 and 1"),
                refused("OrderCommand", "order_id", "", "OrderId has 0 characters"),
                refused("VenueReport", "filled_quantity", decimal("-1"), "quantity -1 is negative"),
                refused("Fill", "trade_id", "", "it is empty, but it must identify the record"),
                refused("Fill", "order_id", " ", "OrderId \" \" has a space"),
                refused("Fill", "order_id", "o".repeat(201), "OrderId has 201 characters"),
                refused("VenueReport", "order_id", "", "OrderId has 0 characters"),
                refused("Fill", "price", decimal("1.01"), "price 1.01 is not between 0 and 1"),
                refused("Fill", "quantity", decimal("-1"), "quantity -1 is negative"),
                refused("Fill", "quantity", decimal("1000000000.000001"), "is beyond 1000000000"),
                refused("Fill", "fee", decimal("-1000000001"), "is beyond 1000000000"),
                refused("VenueReport", "filled_quantity", decimal("999999999999"), "is beyond 1000000000"),
                refused("Market", "category", "c".repeat(201), "201 characters are more than 200"),
                refused("ControlCommand", "command_id", "", "it is empty, but it must identify the record"),
                refused("ControlCommand", "reason", " ", "needs a reason"));
    }

    @ParameterizedTest(name = "{0}.{1} = {2}")
    @MethodSource("values")
    void aValueThatTheDomainCannotHoldIsRefused(String name, String field, Object value, String problem) {
        Kind<?> kind =
                kinds().filter(each -> each.name().equals(name)).findFirst().orElseThrow();

        assertThatThrownBy(() -> kind.readWith(field, value))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith(name + "." + field + ": ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith("; correct it and send the record again");
    }

    @Test
    void aSignalWithLegsIsRefusedAndNotCutToItsFirst() {
        var signal = SignalCodec.toAvro(new RandomDomain(1).signal());
        var leg = new sluice.avro.Leg(
                sluice.avro.Venue.KALSHI,
                "KX",
                null,
                sluice.avro.Side.YES,
                sluice.avro.Action.BUY,
                decimal("0.5"),
                decimal("1"));
        var withLegs =
                sluice.avro.Signal.newBuilder(signal).setLegs(List.of(leg, leg)).build();

        assertThatThrownBy(() -> SignalCodec.fromAvro(withLegs))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("Signal.legs: it has 2; signals with legs are not supported yet; send one signal per leg");
    }

    @Test
    void aMarketOfUnknownStatusIsKept() {
        var market = sluice.avro.Market.newBuilder(MarketCodec.toAvro(new RandomDomain(1).market()))
                .setStatus(sluice.avro.MarketStatus.UNKNOWN)
                .build();

        assertThat(MarketCodec.fromAvro(market).status()).isEqualTo(MarketStatus.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"taker_rate, 1.000001, taker rate", "maker_rate, -0.1, maker rate"})
    void aFeeRateIsFromZeroToOne(String field, String rate, String name) {
        var fees = MarketCodec.toAvro(new RandomDomain(1).fees());
        fees.put(field, decimal(rate));

        assertThatThrownBy(() -> MarketCodec.fromAvro(fees))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("FeeTerms: " + name + " " + rate
                        + " is not between 0 and 1; correct it and send the record again");
    }

    @Test
    void aMarketWithoutAQuantityStepIsRefused() {
        var market = sluice.avro.Market.newBuilder(MarketCodec.toAvro(new RandomDomain(1).market()))
                .setQuantityStep(decimal("0"))
                .build();

        assertThatThrownBy(() -> MarketCodec.fromAvro(market))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("is zero; it must be positive");
    }

    @Test
    void aPriceBandWithoutAStepIsRefused() {
        var range = new sluice.avro.PriceRange(decimal("0"), decimal("1"), decimal("0"));

        assertThatThrownBy(() -> MarketCodec.fromAvro(List.of(range)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("PriceRange: price band 0 to 1 by 0 holds no price");
    }

    @Test
    void anUnreadableLevelOfABookIsRefused() {
        var quote = MarketCodec.toAvro(new RandomDomain(1).quote());
        var level = new sluice.avro.Level(decimal("65"), decimal("100"));
        var inCents =
                sluice.avro.Quote.newBuilder(quote).setBids(List.of(level)).build();

        assertThatThrownBy(() -> MarketCodec.fromAvro(inCents))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("Quote.bids.price: price 65 is not between 0 and 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-ordr-cost", "max_order_cost", "max-order-costs"})
    void anUnknownLimitIsRefusedWithTheNearestName(String name) {
        var limits = limitsWith(Map.of(name, decimal("100")));

        assertThatThrownBy(() -> RiskCodec.fromAvro(limits))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("RiskLimits.limits: \"" + name + "\" is not a limit; the nearest is max-order-cost; "
                        + "correct the name and set the limits again");
    }

    @Test
    void aLimitIsADecimalOfScaleSixAndNotNegative() {
        assertThatThrownBy(() -> RiskCodec.fromAvro(limitsWith(Map.of("max-order-cost", new BigDecimal("100")))))
                .hasMessageStartingWith("RiskLimits.limits.max-order-cost: 100 has scale 0");
        assertThatThrownBy(() -> RiskCodec.fromAvro(limitsWith(Map.of("max-order-cost", decimal("-1")))))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("RiskLimits.limits: max-order-cost is negative: -1; it must be 0 or more");
    }

    private static sluice.avro.RiskLimits limitsWith(Map<String, BigDecimal> limits) {
        return sluice.avro.RiskLimits.newBuilder(RiskCodec.toAvro(new RandomDomain(1).limits()))
                .setLimits(limits)
                .build();
    }

    static Stream<Arguments> scopes() {
        return Stream.of(
                arguments(sluice.avro.ScopeKind.ALL, "kalshi", "scope all takes no name, but got kalshi"),
                arguments(sluice.avro.ScopeKind.STRATEGY, "", "scope STRATEGY needs a name"),
                arguments(sluice.avro.ScopeKind.VENUE, "kalshii", "names no venue"),
                arguments(sluice.avro.ScopeKind.MARKET, "KXNBA", "is not written venue:id"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("scopes")
    void aScopeThatCouldMatchNothingIsRefused(sluice.avro.ScopeKind kind, String id, String problem) {
        assertThatThrownBy(() -> VocabularyCodec.fromAvro("Halt.scope", new sluice.avro.Scope(kind, id)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("Halt.scope: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aScopeOfAVenueIsReadInItsOneSpelling() {
        var shouted = new sluice.avro.Scope(sluice.avro.ScopeKind.VENUE, "KALSHI");

        assertThat(VocabularyCodec.fromAvro("Halt.scope", shouted)).isEqualTo(new Scope(Scope.Kind.VENUE, "kalshi"));
    }

    @Test
    void anOrderForAnotherMarketThanTheOneItCarriesIsRefused() {
        var command = sluice.avro.OrderCommand.newBuilder(OrderCodec.toAvro(new RandomDomain(1).orderCommand()))
                .setMarketId("OTHER")
                .build();

        assertThatThrownBy(() -> OrderCodec.fromAvro(command))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("OrderCommand.market_id: ")
                .hasMessageContaining(":OTHER is not ");
    }

    // ---------------------------------------------------------------- journal

    @Test
    void anEntryOfAnotherAccountThanItsBodyIsRefused() {
        var random = new RandomDomain(1);
        var entry = entry(random);
        var misfiled = new sluice.avro.JournalEntry("other", entry.getBody(), null);
        var snapshot = new sluice.avro.JournalEntry("other", SnapshotCodec.toAvro(ACCOUNT, random.snapshot()), null);

        for (var avro : List.of(misfiled, snapshot)) {
            assertThatThrownBy(() -> JournalCodec.fromAvro(avro, 0, 0, 0))
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining(".account: desk is not other, which JournalEntry.account says");
        }
        assertThatThrownBy(() -> JournalCodec.toAvro(
                        new JournalEntry(new AccountId("other"), 0, 0, 0, new FillReceived(random.fill(ACCOUNT))),
                        null))
                .isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void aBodyThatNoJournalHoldsIsRefused() {
        var stranger = new sluice.avro.JournalEntry("desk", VocabularyCodec.toAvro(Scope.ALL), null);

        assertThatThrownBy(() -> JournalCodec.fromAvro(stranger, 0, 0, 0))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("JournalEntry.body: a Scope is nothing that a journal holds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789"})
    void aPayloadHashIsSixtyFourLowerCaseHexDigits(String hash) {
        assertThatThrownBy(() -> JournalCodec.toAvro(signalEntry(signal -> signal, hash), null))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("SignalReceived.payload_hash: ");
    }

    @Test
    void aPayloadHashHasThirtyTwoBytes() {
        var entry = JournalCodec.toAvro(signalEntry(signal -> signal, "0".repeat(64)), null);
        ((sluice.avro.SignalReceived) entry.getBody()).put("payload_hash", ByteBuffer.wrap(new byte[31]));

        assertThatThrownBy(() -> JournalCodec.fromAvro(entry, 0, 0, 0))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("SignalReceived.payload_hash: it has 31 bytes, but a SHA-256 has 32");
    }

    private static JournalEntry signalEntry(UnaryOperator<Signal> change, String hash) {
        Signal signal = change.apply(new RandomDomain(1).signal(ACCOUNT));
        return new JournalEntry(
                ACCOUNT, 0, 0, 0, new SignalReceived(signal, Mode.PAPER, new OrderId("o"), hash, null, null, false));
    }

    // ---------------------------------------------------------------- snapshots

    private static sluice.avro.VenueSnapshot snapshotWith(List<sluice.avro.Balance> balances) {
        return new sluice.avro.VenueSnapshot(
                "desk",
                sluice.avro.Mode.PAPER,
                sluice.avro.Venue.KALSHI,
                balances,
                null,
                null,
                null,
                true,
                Instant.EPOCH);
    }

    @Test
    void cashIsTheSumOverTheBuckets() {
        var avro = snapshotWith(List.of(
                new sluice.avro.Balance("0", decimal("100.5"), decimal("90")),
                new sluice.avro.Balance("1", decimal("0.000001"), decimal("-1"))));

        SnapshotReceived read = SnapshotCodec.fromAvro(avro);

        assertThat(read.cash()).isEqualTo(Money.parse("100.500001"));
        assertThat(read.available()).isEqualTo(Money.parse("89"));
    }

    @Test
    void noBucketIsNoCashAndUnreadBucketsAreUnknownCash() {
        assertThat(SnapshotCodec.fromAvro(snapshotWith(List.of())).cash()).isEqualTo(Money.ZERO);
        assertThat(SnapshotCodec.fromAvro(sluice.avro.VenueSnapshot.newBuilder(snapshotWith(List.of()))
                                .setBalances(null)
                                .build())
                        .cash())
                .isNull();
    }

    @Test
    void aSumThatDoesNotFitIsRefused() {
        var balances = new ArrayList<sluice.avro.Balance>();
        for (int i = 0; i < 10; i++) {
            balances.add(new sluice.avro.Balance("" + i, decimal("999999999"), decimal("0")));
        }

        assertThatThrownBy(() -> SnapshotCodec.fromAvro(snapshotWith(balances)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("VenueSnapshot.balances.total: 1999999998 is beyond 1000000000");
    }

    // ---------------------------------------------------------------- writing

    @Test
    void whatCouldNotBeReadAgainIsNotWritten() {
        var random = new RandomDomain(1);

        assertThatThrownBy(() -> VocabularyCodec.decimal("Signal.size", new Quantity(Long.MAX_VALUE)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("Signal.size: 9223372036854.775807 is beyond 999999999999.999999");
        assertThatThrownBy(() -> VocabularyCodec.instant("Signal.created_at", -1))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("Signal.created_at: -1 ms since 1970 is not a time");
        assertThatThrownBy(() -> VocabularyCodec.instant("Signal.created_at", VocabularyCodec.TIME_END_MILLIS))
                .isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> SnapshotCodec.toAvro(
                        ACCOUNT, new SnapshotReceived(Mode.PAPER, Venue.KALSHI, Money.ZERO, null, null, true, 0)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("cash is 0 and available cash is null, but a balance has both");
        assertThatThrownBy(() -> DecisionCodec.toAvro(random.decision(), new byte[31]))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageStartingWith("Decision.previous_hash: it has 31 bytes");
    }

    @Test
    void anEntryForEveryAccountIsKept() {
        var tick = new JournalEntry(AccountId.ALL, 3, 14, 15, new Tick(92));

        assertThat(JournalCodec.fromAvro(JournalCodec.toAvro(tick, null), 3, 14, 15))
                .isEqualTo(tick);
    }
}

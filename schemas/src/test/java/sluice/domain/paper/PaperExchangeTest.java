package sluice.domain.paper;

import org.junit.jupiter.api.Test;
import sluice.domain.Venue;

/** What the paper exchange does with one order at a time. The language is explained at {@link Scenario}. */
class PaperExchangeTest {
    @Test
    void walksTheLevelsWithinItsPriceAndKillsTheRest() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10 0.46x20 0.47x99
                0 buy yes 40 at 0.46 IOC as o1
                -> o1 accepted, arrives 50
                49 wait
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                -> o1 filled 20 yes at 0.46 taker, fee 0.3478, cash 85.7789
                -> o1 cancelled ioc_unfilled
                """);
    }

    @Test
    void meetsTheBookOfItsArrivalAndNotTheOneOfItsDecision() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.46 IOC as o1
                -> o1 accepted, arrives 50
                30 book 0.40x10 | 0.47x10
                60 wait
                -> o1 cancelled ioc_unfilled
                """);
    }

    @Test
    void arrivesAtTheFirstQuoteOnceItIsDue() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.46 IOC as o1
                -> o1 accepted, arrives 50
                70 book 0.40x10 | 0.44x4 0.46x3
                -> o1 filled 4 yes at 0.44 taker, fee 0.069, cash 98.171
                -> o1 filled 3 yes at 0.46 taker, fee 0.0522, cash 96.7388
                -> o1 cancelled ioc_unfilled
                """);
    }

    @Test
    void noSideIsTheComplementOfYesBids() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.45x10 0.44x10 | 0.50x10
                0 buy no 15 at 0.56 FOK as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 10 no at 0.55 taker, fee 0.1733, cash 94.3267
                -> o1 filled 5 no at 0.56 taker, fee 0.0862, cash 91.4405
                60 sell no 5 at 0.50 IOC as o2
                -> o2 accepted, arrives 110
                110 wait
                -> o2 filled 5 no at 0.5 taker, fee 0.0875, cash 93.853
                """);
    }

    @Test
    void fillsOrKillsAsAWhole() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10 0.46x20 0.47x99
                0 buy yes 31 at 0.46 FOK as o1
                -> o1 accepted, arrives 50
                0 buy yes 30 at 0.46 FOK as o2
                -> o2 accepted, arrives 50
                50 wait
                -> o1 cancelled fok_insufficient_volume
                -> o2 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                -> o2 filled 20 yes at 0.46 taker, fee 0.3478, cash 85.7789
                """);
    }

    @Test
    void aBookDeeperThanAnyNumberFillsTheOrderAndNoMore() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book | 0.45x9000000000000 0.46x9000000000000
                0 buy yes 10 at 0.46 FOK as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                """);
    }

    @Test
    void whatWasTakenStaysTakenUntilThePriceDisappears() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book | 0.45x10
                0 buy yes 8 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 8 yes at 0.45 taker, fee 0.1386, cash 96.2614
                60 buy yes 8 at 0.45 IOC as o2
                -> o2 accepted, arrives 110
                110 book | 0.45x12
                -> o2 filled 4 yes at 0.45 taker, fee 0.0693, cash 94.3921
                -> o2 cancelled ioc_unfilled
                120 book | 0.46x12
                -> 0.45 is gone
                130 book | 0.45x12
                130 buy yes 8 at 0.45 IOC as o3
                -> o3 accepted, arrives 180
                180 wait
                -> o3 filled 8 yes at 0.45 taker, fee 0.1386, cash 90.6535
                """);
    }

    @Test
    void restsAndFillsOnlyWhenTheBookGoesThroughIt() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.44 GTC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 rested
                60 book 0.44x10 | 0.45x10
                70 book 0.40x10 | 0.44x10
                80 book 0.40x10 | 0.43x4 0.44x10
                -> o1 filled 4 yes at 0.44 maker, fee 0.0173, cash 98.2227
                90 book 0.40x10 | 0.43x4 0.44x10
                100 book 0.40x10 | 0.42x9
                -> 0.43 is gone
                -> o1 filled 6 yes at 0.44 maker, fee 0.0259, cash 95.5568
                """);
    }

    @Test
    void restsAndFillsWhenANewTradeIsPrintedThroughIt() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10 last 0.43x5 printed 0
                0 buy yes 10 at 0.44 GTC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 rested
                60 book 0.40x10 | 0.45x10 last 0.43x5 printed 0
                70 book 0.40x10 | 0.45x10 last 0.44x5 printed 65
                80 book 0.40x10 | 0.45x10 last 0.43x3 printed 75
                -> o1 filled 3 yes at 0.44 maker, fee 0.013, cash 98.667
                90 book 0.40x10 | 0.45x10 last 0.43x3 printed 75
                95 book 0.40x10 | 0.45x10 last 0.41x99 printed 91
                -> o1 filled 7 yes at 0.44 maker, fee 0.0302, cash 95.5568
                """);
    }

    @Test
    void ordersShareOnePrintedTradeByPriceThenTime() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 4 at 0.42 GTC as low
                -> low accepted, arrives 50
                1 buy yes 4 at 0.43 GTC as second
                -> second accepted, arrives 51
                0 buy yes 4 at 0.43 GTC as first
                -> first accepted, arrives 50
                60 wait
                -> first rested
                -> low rested
                -> second rested
                80 book 0.40x10 | 0.45x10 last 0.41x6 printed 75
                -> first filled 4 yes at 0.43 maker, fee 0.0172, cash 98.2628
                -> second filled 2 yes at 0.43 maker, fee 0.0086, cash 97.3942
                """);
    }

    @Test
    void takesWhatIsThereAndRestsWithTheRest() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x4
                0 buy yes 10 at 0.45 GTC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 4 yes at 0.45 taker, fee 0.0693, cash 98.1307
                -> o1 rested
                60 cancel o1
                -> o1 cancelled cancelled_by_user
                61 cancel o1
                """);
    }

    @Test
    void postOnlyNeverTakes() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x4
                0 buy yes 10 at 0.45 GTC post-only as crossing
                -> crossing refused post_only_cross
                0 buy yes 10 at 0.44 GTC post-only as overtaken
                -> overtaken accepted, arrives 50
                0 buy yes 10 at 0.43 GTC post-only as resting
                -> resting accepted, arrives 50
                0 buy yes 10 at 0.43 IOC post-only as absurd
                -> absurd refused invalid_order
                55 book 0.40x10 | 0.44x4
                -> overtaken cancelled post_only_cross
                -> resting rested
                """);
    }

    @Test
    void goodTillDateEnds() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x4
                0 buy yes 10 at 0.44 GTD until 200 as o1
                -> o1 accepted, arrives 50
                0 buy yes 10 at 0.44 GTD until 0 as o2
                -> o2 refused invalid_order
                199 wait
                -> o1 rested
                200 book 0.40x10 | 0.43x4
                -> o1 expired
                """);
    }

    @Test
    void anUnsizedBookIsAssumedToHoldTenAtEachPrice() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book | 0.45x0 0.46x0 unsized
                0 buy yes 30 at 0.46 IOC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                -> o1 filled 10 yes at 0.46 taker, fee 0.1739, cash 90.5528
                -> o1 cancelled ioc_unfilled
                """);
    }

    @Test
    void withoutABookAnImmediateOrderDiesAndAnotherRests() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 buy yes 10 at 0.46 IOC as o1
                -> o1 accepted, arrives 50
                0 buy yes 10 at 0.46 GTC as o2
                -> o2 accepted, arrives 50
                50 wait
                -> o1 cancelled ioc_unfilled
                -> o2 rested
                """);
    }

    @Test
    void checksWhatTheVenueChecks() {
        kalshi("""
                0 deposit 10
                -> deposited 10, cash 10
                0 book 0.40x10 | 0.45x100
                100 buy yes 1 at 0.455 IOC as off-grid
                -> off-grid refused invalid_price
                100 buy yes 1 at 1 IOC as at-one
                -> at-one refused invalid_price
                100 buy yes 1.005 at 0.45 IOC as off-step
                -> off-step refused invalid_count
                100 buy yes 0 at 0.45 IOC as nothing
                -> nothing refused invalid_count
                100 buy yes 1 at 0.45 IOC deadline 99 as late
                -> late refused deadline_passed
                100 sell yes 1 at 0.40 IOC as short
                -> short refused insufficient_inventory
                100 buy yes 22 at 0.45 IOC as dear
                -> dear refused insufficient_balance
                100 market PAUSED
                100 buy yes 1 at 0.45 IOC as paused
                -> paused refused market_inactive
                101 market ACTIVE closes 101
                101 buy yes 1 at 0.45 IOC as closed
                -> closed refused market_closed
                """);
    }

    @Test
    void openOrdersHoldTheirCashAndTheirContracts() {
        kalshi("""
                0 deposit 10
                -> deposited 10, cash 10
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                0 buy yes 12 at 0.45 IOC as too-much
                -> too-much refused insufficient_balance
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 5.3267
                60 sell yes 6 at 0.60 GTC as s1
                -> s1 accepted, arrives 110
                60 sell yes 5 at 0.60 GTC as s2
                -> s2 refused insufficient_inventory
                60 sell yes 4 at 0.60 GTC as s3
                -> s3 accepted, arrives 110
                """);
    }

    @Test
    void anIdSeenBeforeIsNotPlacedAgain() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book | 0.45x10
                0 buy yes 1 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                10 buy yes 1 at 0.45 IOC as o1
                50 wait
                -> o1 filled 1 yes at 0.45 taker, fee 0.0174, cash 99.5326
                60 buy yes 1 at 0.45 IOC as o1
                120 wait
                """);
    }

    @Test
    void kalshiClosesPairsAtOneDollarAtOnce() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                60 buy no 4 at 0.60 IOC as o2
                -> o2 accepted, arrives 110
                110 wait
                -> o2 filled 4 no at 0.6 taker, fee 0.0672, cash 96.8595
                120 sell yes 7 at 0.40 IOC as more-than-left
                -> more-than-left refused insufficient_inventory
                120 settle FINAL 1
                -> settled, paid 6, cash 102.8595
                """);
    }

    @Test
    void aSaleWhoseContractsWereNettedAwayIsCancelled() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 4 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                50 wait
                -> o1 filled 4 yes at 0.45 taker, fee 0.0693, cash 98.1307
                60 sell yes 4 at 0.50 GTC as s1
                -> s1 accepted, arrives 110
                60 buy no 4 at 0.60 IOC as o2
                -> o2 accepted, arrives 110
                110 wait
                -> o2 filled 4 no at 0.6 taker, fee 0.0672, cash 99.6635
                -> s1 rested
                120 book 0.52x10 | 0.55x10
                -> 0.4 is gone
                -> 0.45 is gone
                -> s1 cancelled insufficient_inventory
                """);
    }

    @Test
    void polymarketKeepsPairsAndChargesTakersToFiveDecimals() {
        Scenario.play(Venue.POLYMARKET, """
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                0 buy no 7 at 0.60 IOC as o2
                -> o2 accepted, arrives 50
                0 buy yes 4 at 0.30 GTC as small
                -> small refused below_min_quantity
                0 buy yes 2 at 0.45 IOC as cheap
                -> cheap refused below_min_notional
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.12375, cash 95.37625
                -> o2 filled 7 no at 0.6 taker, fee 0.084, cash 91.09225
                60 settle FINAL 0
                -> settled, paid 7, cash 98.09225
                """);
    }

    @Test
    void onlyAFinalResultPaysAndItPaysOnce() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.45 IOC as o1
                -> o1 accepted, arrives 50
                0 buy yes 10 at 0.30 GTC as o2
                -> o2 accepted, arrives 50
                50 wait
                -> o1 filled 10 yes at 0.45 taker, fee 0.1733, cash 95.3267
                -> o2 rested
                60 settle DETERMINED 1
                -> o2 cancelled market_determined
                60 buy yes 1 at 0.45 IOC as o3
                -> o3 refused market_closed
                70 settle DISPUTED 1
                80 settle FINAL 0.333333
                -> settled, paid 3.33333, cash 98.66003
                90 settle FINAL 0.333333
                """);
    }

    @Test
    void aClosingMarketCancelsWhatRests() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 market ACTIVE closes 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.30 GTC as o1
                -> o1 accepted, arrives 50
                99 wait
                -> o1 rested
                100 wait
                -> o1 cancelled market_closed
                """);
    }

    @Test
    void aPausedMarketFillsNothing() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                0 book 0.40x10 | 0.45x10
                0 buy yes 10 at 0.30 GTC as o1
                -> o1 accepted, arrives 50
                0 buy yes 10 at 0.45 IOC as o2
                -> o2 accepted, arrives 50
                10 market PAUSED
                50 wait
                -> o1 rested
                -> o2 cancelled market_inactive
                60 book 0.20x10 | 0.25x10
                70 market ACTIVE
                80 book 0.20x10 | 0.25x10
                -> o1 filled 10 yes at 0.3 maker, fee 0.0368, cash 96.9632
                """);
    }

    @Test
    void anOlderBookIsPassedOver() {
        kalshi("""
                0 deposit 100
                -> deposited 100, cash 100
                40 book | 0.47x10
                30 book | 0.45x10
                40 buy yes 10 at 0.46 IOC as o1
                -> o1 accepted, arrives 90
                90 wait
                -> o1 cancelled ioc_unfilled
                """);
    }

    private static void kalshi(String text) {
        Scenario.play(Venue.KALSHI, text);
    }
}

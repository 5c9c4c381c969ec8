package sluice.console.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Settings of controls that this version does not have yet. They are accepted, so that one file serves later versions
 * too, and every start says in words that nothing enforces them.
 */
public enum FutureControl {
    MAX_ORDER_EQUITY_SHARE("max-order-equity-share-pct", "share of day-start equity in one order"),
    MAX_DAILY_LOSS_EQUITY_SHARE("max-daily-loss-equity-share-pct", "daily loss as a share of day-start equity"),
    MIN_BALANCE_WARNING("min-balance-warning", "low-balance warning"),
    MAX_DRAWDOWN("max-drawdown-pct", "drawdown"),
    MAX_CONSECUTIVE_LOSSES("max-consecutive-losses", "consecutive losses"),
    MAX_BALANCE_DROP("max-balance-drop-pct", "unexplained balance drop"),
    MAX_DAILY_TURNOVER("max-daily-turnover", "turnover in a day"),
    MAX_ORDERS_PER_SECOND("max-orders-per-second", "order rate"),
    VENUE_MESSAGE_BUDGET("venue-message-budget-pct", "budget of venue messages"),
    MAX_REPEATED_FILLS("max-repeated-fills", "repeated execution"),
    REPEATED_FILLS_WINDOW("repeated-fills-window-ms", "window of repeated execution"),
    SLIPPAGE_WARNING("slippage-warning-pct", "slippage warning"),
    MAX_SLIPPAGE("max-slippage-pct", "slippage halt"),
    MAX_API_ERROR_RATE("max-api-error-rate-pct", "venue error rate"),
    API_ERROR_CALLS("api-error-calls", "calls over which venue errors are counted"),
    MAX_API_ERRORS("max-api-errors", "venue errors in the window"),
    API_ERROR_WINDOW("api-error-window-ms", "window of venue errors"),
    MAX_STREAM_SILENCE("max-stream-silence-ms", "silence of a venue's stream"),
    MAX_HEARTBEAT_AGE("max-heartbeat-age-ms", "age of a venue's heartbeat"),
    MAX_UNEXPLAINED_CASH("max-unexplained-cash", "cash that reconciliation cannot explain"),
    RECONCILE_LIGHT("reconcile-light-interval-ms", "light reconciliation"),
    RECONCILE_FULL("reconcile-full-interval-ms", "full reconciliation"),
    CLOCK_WARNING("clock-warning-ms", "clock warning"),
    MAX_CLOCK_OFFSET("max-clock-offset-ms", "clock offset"),
    FIRST_ORDER_HOLD("first-order-hold", "hold after the first live order"),
    SETTLEMENT_OVERDUE("settlement-overdue-ms", "overdue settlement"),
    HTTP_TIMEOUT("http-timeout-ms", "time-out of a venue call"),
    ORDER_CONFIRM_TARGET("order-confirm-target-ms", "time to confirm an order"),
    KILL_TARGET("kill-target-ms", "time from a halt to the last possible request"),
    PROMOTION_PAPER_DAYS("promotion-min-paper-days", "promotion: days on paper"),
    PROMOTION_PAPER_TRADES("promotion-min-paper-trades", "promotion: trades on paper"),
    PROMOTION_WIN_RATE("promotion-min-win-rate-pct", "promotion: win rate"),
    PROMOTION_EDGE_REALISED("promotion-min-edge-realised-pct", "promotion: share of the edge realised"),
    PROMOTION_CRASHES("promotion-max-crashes", "promotion: crashes"),
    PROMOTION_BREAKS("promotion-max-unexplained-breaks", "promotion: unexplained breaks"),
    TIER_2_TRADES("tier-2-min-live-trades", "tier 2: live trades"),
    TIER_2_DEVIATION("tier-2-max-fill-deviation-pct", "tier 2: distance of fills from expectation"),
    TIER_2_SLIPPAGE("tier-2-max-slippage-pct", "tier 2: average slippage"),
    TIER_2_FILL_RATE("tier-2-min-fill-rate-pct", "tier 2: fill rate"),
    TIER_3_TRADES("tier-3-min-live-trades", "tier 3: live trades"),
    TIER_4_TRADES("tier-4-min-live-trades", "tier 4: live trades"),
    TIER_4_SHARPE("tier-4-min-sharpe-ratio", "tier 4: Sharpe ratio"),
    TIER_4_DRAWDOWN("tier-4-max-drawdown-pct", "tier 4: drawdown");

    private final String key;
    private final String words;

    FutureControl(String key, String words) {
        this.key = key;
        this.words = words;
    }

    /** Name in the section {@code not-enforced-yet}. */
    public String key() {
        return key;
    }

    /** What it will control, in words. */
    public String words() {
        return words;
    }

    static Optional<FutureControl> byKey(String key) {
        return Arrays.stream(values())
                .filter(control -> control.key.equals(key))
                .findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(FutureControl::key).toList();
    }
}

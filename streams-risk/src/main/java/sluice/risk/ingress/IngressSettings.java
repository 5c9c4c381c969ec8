package sluice.risk.ingress;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.StrategyId;
import sluice.topics.TopicSettings;

/**
 * What of ingress belongs to a deployment.
 *
 * @param accounts every account that may trade, with its mode
 * @param jsonAccount account of a JSON signal that names none
 * @param jsonStrategy strategy of a JSON signal that names none
 * @param zone whose midnight begins a trading day
 * @param tickEvery time between two ticks
 * @param markEvery least time between two marks of a market
 * @param quoteLookBack how far back quotes are read at a start; longer than any book may be old
 * @param groupId consumer group; instances of one group share the inputs
 * @param instanceId name of this instance in its group; kept over restarts, so that a restart need not wait for the
 *     group to notice a death
 * @param topics names and partitions of the topics
 */
public record IngressSettings(
        Map<AccountId, Mode> accounts,
        AccountId jsonAccount,
        StrategyId jsonStrategy,
        ZoneId zone,
        Duration tickEvery,
        Duration markEvery,
        Duration quoteLookBack,
        String groupId,
        String instanceId,
        TopicSettings topics) {
    public IngressSettings {
        accounts = Map.copyOf(accounts);
        if (!accounts.containsKey(jsonAccount)) {
            throw new IllegalArgumentException("JSON signals are for account " + jsonAccount
                    + ", which is not configured; name one of " + accounts.keySet());
        }
        if (quoteLookBack.isNegative() || quoteLookBack.isZero()) {
            throw new IllegalArgumentException("quotes are read back for " + quoteLookBack
                    + " at a start; it must be longer than any book may be old");
        }
    }

    /**
     * One instance on its own: ticks each second, marks each ten seconds, UTC days, ten minutes of quotes read back.
     */
    public static IngressSettings of(
            Map<AccountId, Mode> accounts, AccountId jsonAccount, StrategyId jsonStrategy, TopicSettings topics) {
        return new IngressSettings(
                accounts,
                jsonAccount,
                jsonStrategy,
                ZoneOffset.UTC,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                topics.prefix() + "ingress",
                topics.prefix() + "ingress-1",
                topics);
    }
}

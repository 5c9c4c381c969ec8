package sluice.risk.core;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sluice.domain.MarketId;
import sluice.domain.risk.Limit;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Subject;

/** The limits that hold for one order: over all scopes that name it, the tightest value of each. */
final class EffectiveLimits {
    static final long UNSET = Long.MIN_VALUE;

    private final EnumMap<Limit, Long> values = new EnumMap<>(Limit.class);
    private final List<String> versions = new ArrayList<>(4);
    private final List<String> allowed = new ArrayList<>(4);
    private final List<String> restricted = new ArrayList<>(4);

    static EffectiveLimits of(ControlBook everyone, ControlBook account, Subject subject) {
        EffectiveLimits effective = new EffectiveLimits();
        effective.add(everyone, subject);
        effective.add(account, subject);
        return effective;
    }

    private void add(ControlBook book, Subject subject) {
        for (RiskLimits set : book.limits()) {
            if (!subject.isIn(set.scope())) {
                continue;
            }
            for (Map.Entry<Limit, Long> limit : set.limits().entrySet()) {
                values.merge(limit.getKey(), limit.getValue(), limit.getKey()::tighter);
            }
            versions.add(set.account() + "/" + set.scope() + "=" + set.version());
            allowed.addAll(set.allowedMarkets());
            restricted.addAll(set.restrictedCategories());
        }
    }

    /** The value in millionths of the limit's unit, or {@link #UNSET}. */
    long get(Limit limit) {
        Long value = values.get(limit);
        return value == null ? UNSET : value;
    }

    List<String> versions() {
        return versions;
    }

    boolean namesAllowedMarkets() {
        return !allowed.isEmpty();
    }

    boolean allows(MarketId market) {
        String name = market.toString();
        for (String pattern : allowed) {
            if (matches(pattern, 0, name, 0)) {
                return true;
            }
        }
        return false;
    }

    boolean restricts(String category) {
        return restricted.contains(category);
    }

    /** Patterns know * for any run of characters and ? for one; nothing else is special. */
    static boolean matches(String pattern, int p, String text, int t) {
        while (p < pattern.length()) {
            char c = pattern.charAt(p);
            if (c == '*') {
                for (int rest = t; rest <= text.length(); rest++) {
                    if (matches(pattern, p + 1, text, rest)) {
                        return true;
                    }
                }
                return false;
            }
            if (t == text.length() || (c != '?' && c != text.charAt(t))) {
                return false;
            }
            p++;
            t++;
        }
        return t == text.length();
    }
}

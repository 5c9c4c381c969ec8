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
            if (matches(pattern, name)) {
                return true;
            }
        }
        return false;
    }

    boolean restricts(String category) {
        return restricted.contains(category);
    }

    /** Patterns know * for any run of characters and ? for one; nothing else is special. Time is their product. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                // The run of the last star becomes longer by one; earlier ones need not be tried again.
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}

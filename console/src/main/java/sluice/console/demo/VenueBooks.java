package sluice.console.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Venue;
import sluice.domain.paper.PaperAccount;
import sluice.reconciler.core.Books;

/** The paper venue's own ledger as one party's books. */
final class VenueBooks {
    private VenueBooks() {}

    static Map<AccountId, Books> of(List<PaperAccount> accounts) {
        Map<AccountId, Map<Venue, Money>> cash = new HashMap<>();
        Map<AccountId, Map<MarketId, Books.Holding>> holdings = new HashMap<>();
        for (PaperAccount account : accounts) {
            cash.computeIfAbsent(account.account(), a -> new TreeMap<>()).put(account.venue(), account.cash());
            var held = holdings.computeIfAbsent(account.account(), a -> new TreeMap<>());
            account.holdings().forEach(h -> held.put(h.market(), new Books.Holding(h.yes(), h.no())));
        }
        Map<AccountId, Books> books = new HashMap<>();
        cash.forEach((account, money) -> books.put(account, Books.of(money, holdings.getOrDefault(account, Map.of()))));
        return books;
    }
}

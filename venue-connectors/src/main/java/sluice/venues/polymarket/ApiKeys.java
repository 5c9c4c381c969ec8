package sluice.venues.polymarket;

import java.net.URI;
import java.time.InstantSource;
import sluice.venues.api.ReadOutcome;
import sluice.venues.http.HttpCall;
import sluice.venues.http.HttpOutcome;
import sluice.venues.http.VenueHttp;

/** Makes the API key of a wallet, or gets it again: it follows from the wallet and a number. */
public final class ApiKeys {
    private final VenueHttp http;
    private final URI clob;
    private final long chainId;
    private final InstantSource clock;

    public ApiKeys(VenueHttp http, URI clob, long chainId, InstantSource clock) {
        this.http = http;
        this.clob = clob;
        this.chainId = chainId;
        this.clock = clock;
    }

    /** The wallet's key with this number, made if there is none yet. */
    public ReadOutcome<ApiCredentials> createOrDerive(WalletKey key, long nonce) {
        var created = ask(key, nonce, "POST", "/auth/api-key");
        // 400 says that it exists already.
        if (created instanceof HttpOutcome.Answer answer && answer.status() == 400) {
            return credentials(ask(key, nonce, "GET", "/auth/derive-api-key"));
        }
        return credentials(created);
    }

    private HttpOutcome ask(WalletKey key, long nonce, String method, String path) {
        var headers = PolymarketAccount.walletHeaders(key, chainId, clock.millis() / 1000, nonce);
        return http.send(new HttpCall(method, ClobRequests.at(clob, path), headers, null));
    }

    private ReadOutcome<ApiCredentials> credentials(HttpOutcome outcome) {
        return switch (outcome) {
            case HttpOutcome.Answer answer
            when answer.status() == 200 || answer.status() == 201 -> {
                try {
                    var json = Words.parse(answer.body());
                    yield new ReadOutcome.Complete<>(
                            new ApiCredentials(
                                    Words.text(json, "apiKey"),
                                    Words.text(json, "secret"),
                                    Words.text(json, "passphrase")),
                            clock.millis());
                } catch (Words.Unreadable | IllegalArgumentException e) {
                    // Not repeated: what came may be half of a secret.
                    yield new ReadOutcome.Failed<>("the API key's answer is not {apiKey, secret, passphrase}");
                }
            }
            case HttpOutcome.Answer answer ->
                new ReadOutcome.Failed<>("no API key was given: " + ClobRequests.told(answer));
            case HttpOutcome.NotSent notSent -> new ReadOutcome.Failed<>(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> new ReadOutcome.Failed<>(noAnswer.why());
        };
    }
}

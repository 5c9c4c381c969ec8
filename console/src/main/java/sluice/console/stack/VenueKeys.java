package sluice.console.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.console.config.FileProblem;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings;
import sluice.console.config.VenueSettings.KalshiAccess;
import sluice.console.config.VenueSettings.PolymarketAccess;
import sluice.domain.AccountId;
import sluice.venues.api.PrivateFile;
import sluice.venues.kalshi.KalshiKey;
import sluice.venues.polymarket.Address;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletFile;
import sluice.venues.polymarket.WalletKey;

/**
 * The keys of the configuration's accounts, read and checked. Needs no network, and so goes before everything else: a
 * wrong key leaves nothing behind.
 *
 * <p>Secrets come from files that only their owner may read, or from environment variables, and are in no message.
 */
public final class VenueKeys {
    /**
     * Who signs for an account at Polymarket, and for which wallet.
     *
     * @param funder the wallet that holds the funds
     */
    record Wallet(WalletKey key, SignatureType signatureType, Address funder) {}

    private final Map<AccountId, KalshiKey> kalshi = new HashMap<>();
    private final Map<AccountId, Wallet> polymarket = new HashMap<>();

    private VenueKeys() {}

    /**
     * Reads the keys of every account.
     *
     * @param environment variables of the process
     * @throws StackException if a key cannot be used, saying whose and why
     */
    public static VenueKeys read(SluiceConfig config, Map<String, String> environment) {
        var keys = new VenueKeys();
        for (SluiceConfig.Account account : config.accounts()) {
            account.kalshi()
                    .ifPresent(access -> keys.kalshi.put(account.name(), key(account.name(), access, environment)));
            account.polymarket()
                    .ifPresent(
                            access -> keys.polymarket.put(account.name(), wallet(account.name(), access, environment)));
        }
        return keys;
    }

    /** Of an account that has access to Kalshi. */
    KalshiKey kalshi(AccountId account) {
        return required(kalshi.get(account), account);
    }

    /** Of an account that has access to Polymarket. */
    Wallet polymarket(AccountId account) {
        return required(polymarket.get(account), account);
    }

    private static <T> T required(@Nullable T key, AccountId account) {
        if (key == null) {
            throw new IllegalArgumentException("account " + account + " is not one whose keys were read");
        }
        return key;
    }

    private static KalshiKey key(AccountId account, KalshiAccess access, Map<String, String> environment) {
        try {
            char @Nullable [] passphrase = access.passphraseFile()
                    .map(file -> secret(account, file).toCharArray())
                    .orElse(null);
            if (access.keyFile().isPresent()) {
                return KalshiKey.read(access.keyId(), access.keyFile().get(), passphrase);
            }
            String variable = access.keyVariable().orElseThrow();
            // Many a place that keeps environments keeps one line for each variable.
            String pem = secret(variable, environment).replace("\\n", "\n");
            try {
                return KalshiKey.parse(access.keyId(), pem, passphrase);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("environment variable " + variable + ": " + e.getMessage(), e);
            }
        } catch (IllegalArgumentException e) {
            throw new StackException("account " + account + " at Kalshi: " + e.getMessage(), e);
        }
    }

    private static Wallet wallet(AccountId account, PolymarketAccess access, Map<String, String> environment) {
        try {
            String password =
                    access.passwordFile().map(file -> secret(account, file)).orElse("");
            WalletKey key;
            if (access.walletFile().isPresent()) {
                key = WalletFile.read(access.walletFile().get(), password);
            } else {
                String variable = access.walletVariable().orElseThrow();
                key = WalletFile.parse("environment variable " + variable, secret(variable, environment), password);
            }
            var type = signatureType(access.wallet());
            var funder = access.funder().map(Address::new).orElseGet(key::address);
            PolymarketAccount.requireFunder(account, key, type, funder);
            return new Wallet(key, type, funder);
        } catch (IOException e) {
            throw new StackException("account " + account + " at Polymarket: " + FileProblem.words(e), e);
        } catch (IllegalArgumentException e) {
            throw new StackException("account " + account + " at Polymarket: " + e.getMessage(), e);
        }
    }

    private static SignatureType signatureType(VenueSettings.Wallet wallet) {
        return switch (wallet) {
            case EOA -> SignatureType.EOA;
            case PROXY -> SignatureType.POLY_PROXY;
            case SAFE -> SignatureType.POLY_GNOSIS_SAFE;
            case DEPOSIT -> SignatureType.POLY_1271;
        };
    }

    private static String secret(String variable, Map<String, String> environment) {
        String value = environment.getOrDefault(variable, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "environment variable " + variable + " is not set, and is to hold the private key");
        }
        return value;
    }

    /** A secret in a file of its own, without the line's end. */
    private static String secret(AccountId account, Path file) {
        try {
            PrivateFile.require(file);
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StackException(
                    "account " + account + ": the secret in " + file + " cannot be read: " + FileProblem.words(e), e);
        }
    }
}

package sluice.venues.polymarket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.web3j.crypto.Wallet;
import org.web3j.crypto.exception.CipherException;
import org.web3j.protocol.ObjectMapperFactory;
import sluice.venues.api.PrivateFile;

/**
 * Reads private keys from files: encrypted ones (Ethereum keystore V3, JSON) and bare ones (64 hex digits). A file that
 * others may read is refused, whether encrypted or not.
 */
public final class WalletFile {
    private WalletFile() {}

    /**
     * The key in a file.
     *
     * @param password of an encrypted file; not looked at for a bare one
     * @throws IOException if it cannot be read, is open to others, is not a key file, or the password is wrong; the
     *     message never repeats what is in the file
     */
    public static WalletKey read(Path file, String password) throws IOException {
        PrivateFile.require(file);
        return parse("file " + file, Files.readString(file, StandardCharsets.UTF_8), password);
    }

    /**
     * The key in a text, encrypted or bare.
     *
     * @param where the text is from, for messages
     * @param password of an encrypted text; not looked at for a bare one
     * @throws IOException if it is no key, or the password is wrong; the message never repeats what is in the text
     */
    public static WalletKey parse(String where, String text, String password) throws IOException {
        var stripped = text.strip();
        return stripped.startsWith("{") ? decrypt(where, stripped, password) : bare(where, stripped);
    }

    private static WalletKey decrypt(String where, String json, String password) throws IOException {
        try {
            var wallet = ObjectMapperFactory.getObjectMapper().readValue(json, org.web3j.crypto.WalletFile.class);
            var secret = Wallet.decrypt(password, wallet).getPrivateKey();
            var key = WalletKey.of(Eip712.word(secret));
            var told = wallet.getAddress();
            if (told != null && !key.address().is(told.startsWith("0x") ? told : "0x" + told)) {
                throw new IOException("wallet " + where + " says it holds the key of " + told + " and holds that of "
                        + key.address() + "; one of the two was changed");
            }
            return key;
        } catch (CipherException e) {
            throw new IOException(
                    "wallet " + where + " cannot be decrypted: " + e.getMessage() + "; is the password right?", e);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            // Jackson's message would quote the file.
            throw new IOException("wallet " + where + " is not an Ethereum keystore (V3, JSON)");
        }
    }

    private static WalletKey bare(String where, String text) throws IOException {
        var digits = text.toLowerCase(Locale.ROOT).startsWith("0x") ? text.substring(2) : text;
        try {
            return WalletKey.of(HexFormat.of().parseHex(digits));
        } catch (IllegalArgumentException e) {
            throw new IOException("key " + where + " is neither a keystore in JSON nor a private key of 64 hex digits");
        }
    }
}

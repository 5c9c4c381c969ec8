package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.avro.AccountState;
import sluice.avro.Mode;
import sluice.console.config.ConfigReader;
import sluice.console.config.SluiceConfig;

/** An account that was LIVE cannot leave its orders behind. */
class LeftOrdersTest {
    @TempDir
    Path folder;

    @Test
    void liveOrdersNeedSomebodyWhoFollowsThem() throws Exception {
        assertThatThrownBy(() -> LeftOrders.require(config("main"), List.of(book("main", Mode.LIVE, 2))))
                .isInstanceOf(StackException.class)
                .hasMessageContainingAll("account main has 2 live orders", "mode LIVE once more");
        assertThatThrownBy(() -> LeftOrders.require(config("main"), List.of(book("gone", Mode.LIVE, 1))))
                .hasMessageContaining("account gone has 1 live orders");
    }

    @Test
    void ordersThatAreAtAnEndOrOnPaperNeedNobody() {
        assertThatCode(() -> LeftOrders.require(
                        config("main"), List.of(book("main", Mode.LIVE, 0), book("main", Mode.PAPER, 3))))
                .doesNotThrowAnyException();
    }

    private SluiceConfig config(String account) throws Exception {
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(file, "mode: PAPER\naccounts:\n  - name: " + account + "\n");
        return ConfigReader.read(file, Map.of()).config();
    }

    private static AccountState book(String account, Mode mode, long openOrders) {
        var book = new AccountState();
        book.put("account", account);
        book.put("mode", mode);
        book.put("open_orders", openOrders);
        return book;
    }
}

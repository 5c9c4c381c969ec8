package sluice.console.stack;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.config.ConfigReader;
import sluice.console.config.SluiceConfig;

class VenuesOfFolderTest {
    @TempDir
    private Path folder = Path.of("replaced by the extension");

    @Test
    void liveBooksOfAPlaygroundAreNeverTradedOnWithRealMoney() throws IOException {
        // Given
        VenuesOfFolder.require(folder, config("LIVE", "demo"));

        // When, Then
        assertThatCode(() -> VenuesOfFolder.require(folder, config("LIVE", "demo")))
                .doesNotThrowAnyException();
        assertThatCode(() -> VenuesOfFolder.require(folder, config("DRY_RUN", "production")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> VenuesOfFolder.require(folder, config("LIVE", "production")))
                .isInstanceOf(StackException.class)
                .hasMessage("the live books in " + folder
                        + " were made at kalshi demo, and the configuration says production; give this one a folder of its"
                        + " own with --name, or set the environment back");
    }

    private SluiceConfig config(String mode, String environment) throws IOException {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), """
                accounts: [{name: main, mode: %s, kalshi: {key-id: k, key-file: k.pem}}]
                venues: {kalshi: {environment: %s}}
                """.formatted(mode, environment));
        return ConfigReader.read(file, Map.of()).config();
    }
}

package sluice.console.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void noLineIsWiderThanTheTerminalAndColoursHaveNoWidth() {
        assertThat(Page.cut("abcdef", 4)).isEqualTo("abcd");
        assertThat(Page.cut("abc", 4)).isEqualTo("abc");
        assertThat(Page.cut("\u001b[32mAPPROVED\u001b[0m  main", 4)).isEqualTo("\u001b[32mAPPR\u001b[0m");
        assertThat(Page.cut("\u001b[32mOK\u001b[0m on", 5)).isEqualTo("\u001b[32mOK\u001b[0m on");
    }

    @Test
    void aPageLeavesARowForTheCursorAndIsDrawnOverTheLastOne() {
        // Given
        var page = new Page();
        var terminal = new TerminalSize(3, 4);
        List<String> five = Collections.nCopies(5, "line");

        // When
        String first = page.draw(five, terminal);
        String second = page.draw(List.of("x"), terminal);

        // Then
        assertThat(first).isEqualTo("\u001b[2Klin\n".repeat(3));
        assertThat(second).isEqualTo("\u001b[3A\u001b[2Kx\n" + "\u001b[2K\n".repeat(2));
    }

    @Test
    void aTerminalThatChangedIsCleared() {
        var page = new Page();
        page.draw(List.of("a"), new TerminalSize(80, 24));
        assertThat(page.draw(List.of("a"), new TerminalSize(40, 24))).startsWith("\u001b[2J\u001b[H");
    }

    @Test
    void theSizeIsTheTerminalsOrTheEnvironmentsOrTheUsualOne() {
        assertThat(TerminalSize.of("50 132\n", Map.of("COLUMNS", "9"))).isEqualTo(new TerminalSize(132, 50));
        assertThat(TerminalSize.of("0 0\n", Map.of("COLUMNS", "100", "LINES", "30")))
                .isEqualTo(new TerminalSize(100, 30));
        assertThat(TerminalSize.of("", Map.of("COLUMNS", "wide"))).isEqualTo(TerminalSize.USUAL);
    }
}

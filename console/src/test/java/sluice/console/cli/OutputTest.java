package sluice.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static final List<Column> COLUMNS =
            List.of(Column.of("at"), new Column("market_name", "market.id"), Column.of("price"));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);

    @Test
    void aTableIsAlignedAndHasNoTrailingBlanks() throws IOException {
        print(
                OutputFormat.TABLE,
                false,
                ROW,
                "{\"at\":\"10:00:01\",\"market\":{\"id\":\"a-longer-name\"},\"price\":null}");
        assertThat(text()).isEqualTo("""
                        AT        MARKET NAME    PRICE
                        10:00     KX             0.65
                        10:00:01  a-longer-name
                        """);
    }

    @Test
    void anEmptyListStillHasItsFrame() throws IOException {
        print(OutputFormat.TABLE, false);
        print(OutputFormat.CSV, false);
        print(OutputFormat.JSON, false);
        print(OutputFormat.NDJSON, false);
        assertThat(text()).isEqualTo("AT  MARKET NAME  PRICE\nat,market_name,price\r\n[]\n");
    }

    @Test
    void jsonCarriesWholeRows() throws IOException {
        print(OutputFormat.JSON, false, ROW, ROW);
        assertThat(text()).isEqualTo("[\n" + ROW + ",\n" + ROW + "\n]\n");
    }

    @Test
    void ndjsonIsOneRowOnEachLine() throws IOException {
        print(OutputFormat.NDJSON, true, ROW, ROW);
        assertThat(text()).isEqualTo(ROW + "\n" + ROW + "\n");
    }

    @Test
    void csvQuotesWhatNeedsIt() throws IOException {
        print(OutputFormat.CSV, false, "{\"at\":\"a \\\"b\\\", c\",\"market\":{\"id\":\"x\\ny\"},\"price\":[1]}");
        assertThat(text()).isEqualTo("at,market_name,price\r\n\"a \"\"b\"\", c\",\"x\ny\",[1]\r\n");
    }

    @Test
    void aFollowedTableGrowsRowByRow() throws IOException {
        var output = new Output(out, OutputFormat.TABLE, COLUMNS, true);
        output.row(RecordDecoder.EXACT.readTree(ROW));
        assertThat(text()).isEqualTo("AT     MARKET NAME  PRICE\n10:00  KX           0.65\n");
    }

    @Test
    void aRecordCannotMoveTheCursor() throws IOException {
        print(OutputFormat.TABLE, false, "{\"at\":\"a\\u001b[2J\\nb\",\"market\":{\"id\":\"\"},\"price\":\"\"}");
        assertThat(text()).contains("a\uFFFD[2J\uFFFDb");
    }

    @Test
    void oneThingIsAnObjectOrALineForEachField() throws IOException {
        var thing = RecordDecoder.EXACT.readTree(
                "{\"a\":\"1\",\"inner\":{\"b\":2,\"none\":null},\"list\":[{\"c\":true}],\"empty\":[]}");
        Output.writeOne(out, OutputFormat.TABLE, thing);
        Output.writeOne(out, OutputFormat.CSV, thing);
        Output.writeOne(out, OutputFormat.NDJSON, thing);
        assertThat(text().replace("\r\n", "\n")).isEqualTo("""
                        a         1
                        inner.b   2
                        list.0.c  true
                        empty     none
                        field,value
                        a,1
                        inner.b,2
                        list.0.c,true
                        empty,none
                        {"a":"1","inner":{"b":2,"none":null},"list":[{"c":true}],"empty":[]}
                        """);
    }

    @Test
    void whatIsCutShortDoesNotLookWhole() throws IOException {
        var output = new Output(out, OutputFormat.JSON, COLUMNS, false);
        output.row(RecordDecoder.EXACT.readTree(ROW));
        assertThat(text()).isEqualTo("[\n" + ROW);
    }

    @Test
    void whatCannotBeWrittenIsAFailure() {
        // Given a disk that is full
        var err = new ByteArrayOutputStream();
        var host = new TestHost(Path.of("").toAbsolutePath()).host();
        var full = new Host(
                host.in(),
                new PrintStream(
                        new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw new IOException("No space left on device");
                            }
                        },
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                host.environment(),
                host.workingDirectory(),
                host.home(),
                host.clock());

        // Then
        assertThat(Cli.run(full, "version")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("error: what was found could not all be written");
    }

    @Test
    void writingEndsWhenNobodyReadsAnyMore() throws IOException {
        var closed = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        var output = new Output(closed, OutputFormat.NDJSON, COLUMNS, true);
        assertThat(output.row(RecordDecoder.EXACT.readTree(ROW))).isFalse();
    }

    private static final String ROW = "{\"at\":\"10:00\",\"market\":{\"id\":\"KX\"},\"price\":\"0.65\",\"more\":1}";

    private void print(OutputFormat format, boolean following, String... rows) throws IOException {
        var output = new Output(out, format, COLUMNS, following);
        for (String row : rows) {
            output.row(RecordDecoder.EXACT.readTree(row));
        }
        output.end();
    }

    private String text() {
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

package sluice.console.cli;

/** Entry of the launcher {@code ./sluice}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.run(Host.ofThisProcess(), args));
    }
}

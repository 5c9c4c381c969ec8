package sluice.venues.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.domain.TimeInForce;
import sluice.domain.order.OrderCommand;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Scope;

class ControlStateTest {
    private static final OrderCommand PAPER = Commands.place("o1", Mode.PAPER, TimeInForce.IOC, 1_000);
    private static final OrderCommand LIVE = Commands.place("o1", Mode.LIVE, TimeInForce.IOC, 1_000);

    private final ControlState state = new ControlState();
    private int commands;

    @ParameterizedTest
    @CsvSource({
        "all, *, true",
        "all, a1, true",
        "all, a2, false",
        "account:a1, *, true",
        "account:a2, *, false",
        "venue:kalshi, *, true",
        "venue:polymarket, *, false",
        "market:kalshi:M, *, true",
        "market:kalshi:N, *, false"
    })
    void aHaltStopsWhatItsScopeAndAccountName(String scope, String account, boolean stops) {
        command(ControlCommand.Type.HALT, scope, account, 10, null);

        assertThat(state.whyNot(PAPER, 20).isPresent()).isEqualTo(stops);
    }

    @Test
    void onlyAResumeOfExactlyThatScopeAndAccountLetsOrdersLeaveAgain() {
        command(ControlCommand.Type.HALT, "all", "*", 10, null);
        command(ControlCommand.Type.RESUME, "venue:kalshi", "*", 11, null);
        command(ControlCommand.Type.RESUME, "all", "a1", 12, null);
        assertThat(state.whyNot(PAPER, 20))
                .hasValueSatisfying(why -> assertThat(why).contains("all is halted by"));

        command(ControlCommand.Type.RESUME, "all", "*", 13, null);
        assertThat(state.whyNot(PAPER, 20)).isEmpty();
    }

    @Test
    void aCommandThatIsTwiceInTheTopicCountsOnce() {
        var halt = command(ControlCommand.Type.HALT, "all", "*", 10, null);
        command(ControlCommand.Type.RESUME, "all", "*", 11, null);
        state.apply(halt, 12);

        assertThat(state.whyNot(PAPER, 20)).isEmpty();
    }

    @Test
    void aCommandThatHadExpiredWhenItWasWrittenHasNoEffect() {
        command(ControlCommand.Type.RESUME, "all", "*", 10, 9L);
        command(ControlCommand.Type.HALT, "all", "*", 10, 9L);

        assertThat(state.whyNot(PAPER, 20)).isEmpty();
    }

    @Test
    void liveOrdersNeedAnArmingThatHasNotExpired() {
        assertThat(state.whyNot(LIVE, 20))
                .hasValueSatisfying(why -> assertThat(why).contains("not armed"));

        command(ControlCommand.Type.ARM, "account:a1", "*", 30, 100L);
        assertThat(state.whyNot(LIVE, 99)).isEmpty();
        assertThat(state.whyNot(LIVE, 100)).isPresent();

        command(ControlCommand.Type.DISARM, "account:a1", "*", 50, null);
        assertThat(state.whyNot(LIVE, 60)).isPresent();
    }

    @Test
    void anArmingWithoutAnEndIsNone() {
        command(ControlCommand.Type.ARM, "all", "*", 10, null);

        assertThat(state.whyNot(LIVE, 20)).isPresent();
    }

    @Test
    void aRecordThatCannotBeReadStopsEverythingUntilSomebodyResumes() {
        state.applyUnreadable("control-0@7", 10);
        assertThat(state.whyNot(PAPER, 20))
                .hasValueSatisfying(why -> assertThat(why).contains("control-0@7"));

        command(ControlCommand.Type.RESUME, "all", "*", 30, null);
        assertThat(state.whyNot(PAPER, 40)).isEmpty();
    }

    private ControlCommand command(
            ControlCommand.Type type, String scope, String account, long at, @Nullable Long expires) {
        var command = new ControlCommand(
                "c" + commands++,
                type,
                Scope.parse(scope),
                new AccountId(account),
                "a test",
                "tester",
                at,
                expires,
                commands,
                Map.of());
        state.apply(command, at);
        return command;
    }
}

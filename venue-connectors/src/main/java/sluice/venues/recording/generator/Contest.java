package sluice.venues.recording.generator;

/** A game while it is played: the probability of each outcome, which ends at 0 or 1. */
sealed interface Contest {
    /** Lets the game go on to {@code second}; seconds come one after another. */
    void advance(int second, Dice dice);

    /** Probability now that {@code outcome} happens, from 0 to 1. */
    double probability(int outcome);

    /** When the game ends, seconds from the start of the recording. */
    int endSecond();

    /** The outcome, once the game has ended. */
    int result();

    /**
     * Two teams and many small scores: the lead is a random walk. Outcome 0 is that the first team wins, 1 that the
     * second does.
     */
    final class Scores implements Contest {
        /** A score every 22 seconds, as in basketball; each moves the walk so that the whole game has variance 1. */
        private static final double SCORES_PER_SECOND = 1 / 22.0;

        private final int startSecond;
        private final int endSecond;
        private final double strength;
        private final double stepOfScore;
        private double lead;
        private double left = 1;

        /** @param strength how much better the first team is, in standard deviations of the final lead */
        Scores(int startSecond, int endSecond, double strength) {
            this.startSecond = startSecond;
            this.endSecond = endSecond;
            this.strength = strength;
            this.stepOfScore = StrictMath.sqrt(1 / (SCORES_PER_SECOND * (endSecond - startSecond)));
        }

        @Override
        public void advance(int second, Dice dice) {
            if (second <= startSecond || second > endSecond) {
                return;
            }
            double part = 1.0 / (endSecond - startSecond);
            lead += strength * part;
            left = (double) (endSecond - second) * part;
            if (dice.chance(SCORES_PER_SECOND)) {
                lead += dice.chance(0.5) ? stepOfScore : -stepOfScore;
            }
        }

        @Override
        public double probability(int outcome) {
            double first = left <= 0 ? (lead > 0 ? 1 : 0) : normal((lead + strength * left) / StrictMath.sqrt(left));
            return outcome == 0 ? first : 1 - first;
        }

        @Override
        public int endSecond() {
            return endSecond;
        }

        @Override
        public int result() {
            return lead > 0 ? 0 : 1;
        }

        /** Standard normal distribution function, to about 1e-7 (Abramowitz and Stegun 26.2.17). */
        private static double normal(double x) {
            double t = 1 / (1 + 0.2316419 * StrictMath.abs(x));
            double tail = StrictMath.exp(-x * x / 2)
                    * 0.3989422804014327
                    * t
                    * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
            return x >= 0 ? 1 - tail : tail;
        }
    }

    /** Two teams and few goals: outcome 0 is a home win, 1 a draw, 2 an away win. */
    final class Goals implements Contest {
        private static final int MOST_GOALS = 12;

        private final int startSecond;
        private final int endSecond;
        private final double homeGoals;
        private final double awayGoals;
        private int home;
        private int away;
        private double left = 1;

        /** Goals to be expected of either side over the whole game. */
        Goals(int startSecond, int endSecond, double homeGoals, double awayGoals) {
            this.startSecond = startSecond;
            this.endSecond = endSecond;
            this.homeGoals = homeGoals;
            this.awayGoals = awayGoals;
        }

        @Override
        public void advance(int second, Dice dice) {
            if (second <= startSecond || second > endSecond) {
                return;
            }
            double part = 1.0 / (endSecond - startSecond);
            left = (double) (endSecond - second) * part;
            home += dice.chance(homeGoals * part) ? 1 : 0;
            away += dice.chance(awayGoals * part) ? 1 : 0;
        }

        @Override
        public double probability(int outcome) {
            double sum = 0;
            double ofHome = StrictMath.exp(-homeGoals * left);
            for (int h = 0; h <= MOST_GOALS; h++) {
                double ofAway = StrictMath.exp(-awayGoals * left);
                for (int a = 0; a <= MOST_GOALS; a++) {
                    if (outcome(home + h, away + a) == outcome) {
                        sum += ofHome * ofAway;
                    }
                    ofAway *= awayGoals * left / (a + 1);
                }
                ofHome *= homeGoals * left / (h + 1);
            }
            return StrictMath.min(sum, 1);
        }

        @Override
        public int endSecond() {
            return endSecond;
        }

        @Override
        public int result() {
            return outcome(home, away);
        }

        private static int outcome(int home, int away) {
            return home > away ? 0 : home == away ? 1 : 2;
        }
    }
}

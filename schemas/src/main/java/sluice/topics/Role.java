package sluice.topics;

/**
 * Who writes to a topic. A topic has one role as its writer, so that a record's author is known from where it stands.
 */
public enum Role {
    /** Trading models, the command line and replays: whoever sends signals. */
    MODELS,
    /** People who steer: command line and console. */
    OPERATOR,
    /** The sequencer in front of the journal. */
    INGRESS,
    /** Gate, ledger and router in one exactly-once topology. */
    ACCOUNT_TASK,
    /** Venue connectors, the paper one included. */
    CONNECTORS,
    /** The paper connector alone. */
    PAPER_CONNECTOR,
    /** Compares our books with the venues'. */
    RECONCILER,
    /** The embedded schema registry. */
    REGISTRY,
    /** Every role may write. */
    ALL
}

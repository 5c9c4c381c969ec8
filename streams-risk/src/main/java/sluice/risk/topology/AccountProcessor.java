package sluice.risk.topology;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import sluice.avro.JournalEntry;
import sluice.fault.CrashPoint;
import sluice.risk.core.AccountCore;
import sluice.risk.core.AccountEvent;
import sluice.wire.JournalCodec;

/** Hands each journal record to the core, with its coordinates and time, and forwards what follows from it. */
final class AccountProcessor extends ContextualProcessor<String, JournalEntry, String, AccountEvent> {
    private final Stores stores;
    private @Nullable AccountCore core;

    AccountProcessor(Stores stores) {
        this.stores = stores;
    }

    @Override
    public void init(ProcessorContext<String, AccountEvent> context) {
        super.init(context);
        core = new AccountCore(new StoreState(stores, context::getStateStore));
        CrashPoint.TASK_OPENED.pass();
    }

    @Override
    public void process(Record<String, JournalEntry> record) {
        var at = context().recordMetadata().orElseThrow();
        var entry = JournalCodec.fromAvro(record.value(), at.partition(), at.offset(), record.timestamp());
        if (core == null) {
            throw new IllegalStateException("a record came before the processor was made ready");
        }
        CrashPoint.TASK_RECORD_READ.pass();
        var events = core.apply(entry);
        CrashPoint.TASK_APPLIED.pass();
        for (AccountEvent event : events) {
            context().forward(record.withValue(event));
        }
        CrashPoint.TASK_FORWARDED.pass();
        if (entry.body() instanceof sluice.domain.journal.JournalEntry.SignalReceived) {
            CrashPoint.TASK_DECIDED.pass();
        } else if (entry.body() instanceof sluice.domain.journal.JournalEntry.FillReceived) {
            CrashPoint.FILL_BOOKED.pass();
        }
    }
}

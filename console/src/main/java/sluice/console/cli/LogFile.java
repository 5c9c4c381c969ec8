package sluice.console.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to a file while it is open, so that a person's screen shows what we have to say and not what Kafka has.
 * At most two files of ten megabytes.
 */
final class LogFile implements AutoCloseable {
    private static final String NAME = "sluice.log";
    private static final List<String> OTHERS = List.of("org.apache.kafka", "kafka");

    private final Path file;
    private final Logger root;
    private final List<Appender<ILoggingEvent>> before = new ArrayList<>();
    private final List<Appender<ILoggingEvent>> ours = new ArrayList<>();
    private final Map<Logger, Level> levels = new LinkedHashMap<>();

    /**
     * Begins.
     *
     * @param folder where the file is
     * @param warned told in one line of what our own code warns of
     */
    LogFile(Path folder, Consumer<String> warned) {
        file = folder.resolve(NAME);
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.iteratorForAppenders().forEachRemaining(before::add);
        before.forEach(root::detachAppender);
        ours.add(toFile(context));
        ours.add(toPerson(context, warned));
        ours.forEach(root::addAppender);
        for (String name : OTHERS) {
            Logger logger = context.getLogger(name);
            levels.put(logger, logger.getLevel());
            logger.setLevel(Level.WARN);
        }
    }

    Path file() {
        return file;
    }

    private Appender<ILoggingEvent> toFile(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{20} %msg%n");
        encoder.start();
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        var window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(1);
        window.start();
        var size = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(10 * FileSize.MB_COEFFICIENT));
        size.start();
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }

    private static Appender<ILoggingEvent> toPerson(LoggerContext context, Consumer<String> warned) {
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel().isGreaterOrEqual(Level.WARN)
                        && event.getLoggerName().startsWith("sluice.")) {
                    warned.accept("warning: " + event.getFormattedMessage());
                }
            }
        };
        appender.setContext(context);
        appender.start();
        return appender;
    }

    /** Logs go where they went before. */
    @Override
    public void close() {
        ours.forEach(root::detachAppender);
        ours.forEach(Appender::stop);
        before.forEach(root::addAppender);
        levels.forEach(Logger::setLevel);
    }
}

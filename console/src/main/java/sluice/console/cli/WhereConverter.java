package sluice.console.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a condition of the command line. */
final class WhereConverter implements ITypeConverter<Where> {
    @Override
    public Where convert(String text) {
        try {
            return Where.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}

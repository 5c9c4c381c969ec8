package sluice.venues.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/** Files with secrets: nobody but their owner may read or change them. */
public final class PrivateFile {
    private static final EnumSet<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PrivateFile() {}

    /**
     * Refuses a file that others may read or change. On file systems without such permissions nothing is refused.
     *
     * @throws IOException if it is open to others, saying what to do, or cannot be looked at
     */
    public static void require(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        var granted = Files.getPosixFilePermissions(file);
        if (granted.stream().anyMatch(OTHERS::contains)) {
            throw new IOException("file " + file + " is open to others (" + PosixFilePermissions.toString(granted)
                    + "), and it holds a secret; run: chmod 600 " + file);
        }
    }
}

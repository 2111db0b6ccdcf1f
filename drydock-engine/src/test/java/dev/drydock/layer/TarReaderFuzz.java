package dev.drydock.layer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** No bytes make the reader do anything but give members or refuse. */
class TarReaderFuzz {
    @FuzzTest
    void readsOrRefuses(byte[] bytes) throws IOException {
        try {
            TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
            byte[] buffer = new byte[4096];
            while (reader.next() != null) {
                while (reader.read(buffer, 0, buffer.length) >= 0) {
                    // to the end of the member
                }
            }
        } catch (UserFault fault) {
            if (!fault.text().startsWith("read archive: ")) {
                throw fault;
            }
        }
    }
}

package dev.drydock.content;

import java.nio.file.Path;

class MemoryContentStoreTest extends ContentStoreContract {
    @Override
    ContentStore create(Path root) {
        return new MemoryContentStore();
    }
}

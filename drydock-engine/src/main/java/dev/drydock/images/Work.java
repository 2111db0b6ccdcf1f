package dev.drydock.images;

import dev.drydock.metadata.Claims;
import java.util.concurrent.atomic.AtomicBoolean;

/** A piece of work on the store: a build, an import, a save. What it uses and makes stays at least until it is closed. */
public final class Work implements AutoCloseable {
    private final Claims claims;
    private final Garbage garbage;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Work(Claims claims, Garbage garbage) {
        this.claims = claims;
        this.garbage = garbage;
    }

    /** What it uses and makes. */
    public Claims claims() {
        return claims;
    }

    /** Lets go of everything and frees what nothing else needs. Closing twice is harmless. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            garbage.finish(claims);
        }
    }
}

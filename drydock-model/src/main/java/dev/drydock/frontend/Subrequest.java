package dev.drydock.frontend;

import java.util.List;

/** What the frontend can be asked instead of a build, as {@code --call} names it. */
public enum Subrequest {
    CHECK("lint", "Lint a Dockerfile"),
    OUTLINE("outline", "List all parameters current build target supports"),
    TARGETS("targets", "List all targets current build supports"),
    DESCRIBE("subrequests.describe", "List available subrequest types");

    /** The version of all of them. */
    public static final String VERSION = "1.0.0";

    /** Those that {@link #DESCRIBE} names; BuildKit leaves out the checks. */
    public static final List<Subrequest> DESCRIBED = List.of(OUTLINE, TARGETS, DESCRIBE);

    private final String title;
    private final String about;

    Subrequest(String title, String about) {
        this.title = title;
        this.about = about;
    }

    /** Its name. */
    public String title() {
        return title;
    }

    /** What it does, in a few words. */
    public String about() {
        return about;
    }
}

package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;

/** What a check found: which one, in which words, and where. */
public record Finding(Rule rule, String detail, SourceRange range) {}

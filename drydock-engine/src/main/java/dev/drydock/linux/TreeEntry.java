package dev.drydock.linux;

/** A file that a {@link TreeWalk} came by: its path relative to the walk's root, without a leading slash. */
public record TreeEntry(String path, FileStat stat) {}

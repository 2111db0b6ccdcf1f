package dev.drydock.cli;

/** The program's door. */
public final class Main {
    private Main() {}

    static void main(String[] args) {}
}

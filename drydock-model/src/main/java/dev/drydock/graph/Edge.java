package dev.drydock.graph;

import dev.drydock.oci.Digest;

/** One output of a vertex. */
public record Edge(Digest vertex, int output) {}

/** The language of image building as values and pure functions. */
module dev.drydock.model {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;

    exports dev.drydock.fault;
    exports dev.drydock.oci;
    exports dev.drydock.dockerfile;
    exports dev.drydock.ignore;
    exports dev.drydock.graph;
    exports dev.drydock.frontend;
    exports dev.drydock.event;
    exports dev.drydock.scaffold;
}

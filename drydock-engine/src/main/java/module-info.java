/** Everything that touches the world, and the façade that wires it. */
module dev.drydock.engine {
    requires static transitive org.jspecify;
    requires transitive dev.drydock.model;
    requires java.net.http;
    requires java.sql;
    requires com.github.luben.zstd_jni;
    requires org.xerial.sqlitejdbc;
    requires jdk.unsupported;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;

    exports dev.drydock.engine;
}

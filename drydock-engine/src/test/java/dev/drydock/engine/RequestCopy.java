package dev.drydock.engine;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;

/** A request that differs from another in what a test is about, whatever else requests have. */
record RequestCopy(BuildRequest of) {
    BuildRequest with(String component, Object value) {
        RecordComponent[] components = BuildRequest.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(component)
                        ? value
                        : components[i].getAccessor().invoke(of);
            }
            return BuildRequest.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    BuildRequest withArgument(String name, String value) {
        TreeMap<String, String> arguments = new TreeMap<>(of.buildArgs());
        arguments.put(name, value);
        return with("buildArgs", Map.copyOf(arguments));
    }
}

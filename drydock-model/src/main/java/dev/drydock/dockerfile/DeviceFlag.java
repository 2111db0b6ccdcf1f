package dev.drydock.dockerfile;

import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Locale;

/**
 * A value of {@code RUN --device}: the name of a CDI device, for example {@code vendor.com/gpu=all}.
 *
 * @param name empty if there is none
 * @param required whether the step must not run without it
 */
public record DeviceFlag(String name, boolean required) {
    /**
     * Reads a device.
     *
     * @throws UserFault without place
     */
    public static DeviceFlag parse(String csv) {
        String name = "";
        boolean required = false;
        for (String field : Csv.record(csv, "devices")) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "true" : field.substring(equals + 1);
            if (key.equals("required")) {
                required = MountReader.bool(key, value);
            } else if (key.equals("name") && equals >= 0) {
                if (!name.isEmpty()) {
                    throw new UserFault("device name already set to " + name).about(field);
                }
                name = value;
            } else if (name.isEmpty()) {
                name = field;
            } else if (equals < 0) {
                throw new UserFault("invalid field '" + field + "' must be a key=value pair").about(field);
            } else {
                throw new UserFault("unexpected key '" + key + "' in '" + field + "'"
                                + Suggestion.didYouMean(key, List.of("name", "required")))
                        .about(field);
            }
        }
        return new DeviceFlag(name, required);
    }
}

package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.dockerfile.MountFlag.Sharing;
import dev.drydock.fault.UserFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountFlagTest {
    private static MountFlag parse(String text) {
        return MountFlag.parse(text, value -> value);
    }

    @Test
    void bindIsTheDefaultAndReadOnly() {
        assertThat(parse("target=/x"))
                .isEqualTo(new MountFlag(
                        MountFlag.Type.BIND, null, null, "/x", true, null, null, false, 0, null, null, null, null));
    }

    @Test
    void allKeysAreRead() {
        assertThat(parse("TYPE=Cache,DST=/x,src=/y,from=st,id=i,sharing=LOCKED,mode=0750,uid=5,gid=6,ro"))
                .isEqualTo(new MountFlag(
                        MountFlag.Type.CACHE,
                        "st",
                        "/y",
                        "/x",
                        true,
                        "i",
                        Sharing.LOCKED,
                        false,
                        0,
                        0750,
                        5L,
                        6L,
                        null));
        assertThat(parse("type=tmpfs,target=/x,size=64m").size()).isEqualTo(64L << 20);
        assertThat(parse("type=tmpfs,target=/x,size=1.5 KiB").size()).isEqualTo(1536);
        assertThat(parse("type=tmpfs,target=/x,size=10").size()).isEqualTo(10);
        assertThat(parse("type=tmpfs,target=/x").readOnly()).isFalse();
        assertThat(parse("type=bind,target=/x,rw=true").readOnly()).isFalse();
        assertThat(parse("type=secret,id=a,required,env=TOKEN,mode=0400")).satisfies(mount -> {
            assertThat(mount.required()).isTrue();
            assertThat(mount.env()).isEqualTo("TOKEN");
            assertThat(mount.readOnly()).isTrue();
        });
        assertThat(parse("type=ssh,required=false,uid=4294967295").uid()).isEqualTo(4_294_967_295L);
    }

    @Test
    void csvQuotesProtectCommas() {
        assertThat(parse("type=cache,\"target=/a,b\",\"id=x\"\"y\"")).satisfies(mount -> {
            assertThat(mount.target()).isEqualTo("/a,b");
            assertThat(mount.id()).isEqualTo("x\"y");
        });
    }

    @Test
    void valuesAreExpandedExceptFrom() {
        MountFlag mount = MountFlag.parse(
                "type=$T,target=/$X,from=st",
                value -> value.replace("$T", "cache").replace("$X", "c"));
        assertThat(mount.type()).isEqualTo(MountFlag.Type.CACHE);
        assertThat(mount.target()).isEqualTo("/c");
        assertThat(MountFlag.parse("from=st", _ -> "wrong").from()).isEqualTo("st");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    type=foo,target=/x        | unsupported mount type "foo"
                    type=cach,target=/x       | unsupported mount type "cach" (did you mean cache?)
                    type=cache,sharing=x      | unsupported sharing value "x"
                    type=cache,sharing=lockd  | unsupported sharing value "lockd" (did you mean locked?)
                    tpye=cache                | unexpected key 'tpye' in 'tpye=cache' (did you mean type?)
                    bogus=1                   | unexpected key 'bogus' in 'bogus=1'
                    target                    | invalid field 'target' must be a key=value pair
                    ro=x                      | invalid value for ro: x
                    rw=x                      | invalid value for rw: x
                    required                  | unexpected key 'required' for mount type 'bind'
                    required,type=secret      | unexpected key 'required' for mount type 'bind'
                    size=5,type=tmpfs         | unexpected key 'size' for mount type 'bind'
                    type=tmpfs,size=x         | invalid value for size: x
                    type=tmpfs,size=1x        | invalid value for size: 1x
                    type=secret,required=x,id=a | invalid value for required: x
                    mode=0700                 | mode not allowed for "bind" type mounts
                    type=tmpfs,uid=1          | uid not allowed for "tmpfs" type mounts
                    gid=1                     | gid not allowed for "bind" type mounts
                    type=cache,mode=9         | invalid value 9 for mode
                    type=cache,uid=-1         | invalid value -1 for uid
                    type=cache,uid=4294967296 | invalid value 4294967296 for uid
                    type=cache,gid=           | invalid value  for gid
                    sharing=shared            | invalid cache sharing set for bind mount
                    type=secret               | invalid secret mount. one of source, target required
                    type=secret,id=a,source=b | both source and id can't be set
                    type=secret,id=a,from=b   | secret mount should not have a from
                    type=secret,id=a,sharing=shared | secret mount should not define sharing
                    type=ssh,source=a         | ssh does not support source
                    from=$X                   | 'from' doesn't support variable expansion, define alias stage instead
                    a"b=1                     | failed to parse csv mounts: parse error on line 1, column 2: bare " in non-quoted field
                    "a=1                      | failed to parse csv mounts: parse error on line 1, column 5: extraneous or missing " in quoted-field
                    "a"b=1                    | failed to parse csv mounts: parse error on line 1, column 3: extraneous or missing " in quoted-field
                    ~~                        | failed to parse csv mounts: EOF
                    """)
    void mountIsRefused(String text, String message) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(UserFault.class).hasMessage(message);
    }
}

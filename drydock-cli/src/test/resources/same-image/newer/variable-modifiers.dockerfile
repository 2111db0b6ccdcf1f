FROM base:1
ENV F=foo/bar/baz.tar.gz E=
ENV A=${F#*/} B=${F##*/} C=${F%.*} D=${F%%.*} G=${F/ba/XX} H=${F//ba/XX} I=${E:-d} J=${E-d} K=${E:+s} L=${E+s} M=${U+s} N=${U:-$F}
ENV O=${F:+${E:-x}} P=$F$E Q=$ R=$$ S='$F' T="\$F" U2=\$F W=${F//\//_} X=a$F-b Y=$1 Z=${F/ba/}
RUN env | grep '^.=\|^U2' | sort > /env

# Heredocs: several in one COPY, quoted, with tabs; in RUN alone and as input of commands.
FROM base:1
ARG A=1
COPY <<one <<"two" /d/
A is $A
one
A is $A
two
COPY --chmod=755 --chown=1:2 <<-EOT /s.sh
	#!/bin/sh
	  echo \$A ${A:-none}
	EOT
RUN <<-EOT
	false
	echo on > /on
	EOT
RUN cat <<A1 > /x && cat <<B1 > /y
a
A1
b
B1

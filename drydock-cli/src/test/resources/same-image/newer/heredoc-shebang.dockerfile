FROM base:1
RUN <<EOF
#!/bin/sh -e
echo "$0" > /zero
EOF
RUN <<EOF echo with > /with
EOF
RUN << EOF
echo space > /space
EOF

FROM base:1 AS p
ONBUILD ARG A=1
ONBUILD RUN echo $A > /a
ONBUILD COPY <<EOF /h
h $A
EOF
ONBUILD WORKDIR w
ONBUILD COPY --from=x /etc/group /g
FROM base:1 AS x
FROM p
RUN pwd > pwd

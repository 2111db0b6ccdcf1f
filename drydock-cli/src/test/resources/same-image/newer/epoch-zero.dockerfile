#: --build-arg=SOURCE_DATE_EPOCH=0
# SOURCE_DATE_EPOCH=0 clamps everything that is new and nothing of the base.
FROM base:1
RUN true
COPY a.txt /n/
ENV A=1
WORKDIR /w

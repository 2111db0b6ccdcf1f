# SOURCE_DATE_EPOCH as the default of a global ARG. All times are clamped.
ARG SOURCE_DATE_EPOCH=1300000000
FROM base:1
COPY a.txt /n/
WORKDIR /w
RUN true

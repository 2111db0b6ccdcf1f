ARG V=1
ARG U=global
FROM base:1
RUN echo "[$V]" > /not-declared
ARG V=2
ARG U
RUN echo "[$V] [$U]" > /declared
ENV U=env
ARG U=later
RUN echo "[$U]" > /after
